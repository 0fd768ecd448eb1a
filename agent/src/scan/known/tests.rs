//! The file of what is known, cut and damaged.

use std::fs;

use super::log::{Entry, Log, Place};

const BASIS: [u8; 32] = [7; 32];

fn entry(key: u64, outcome: &[u8]) -> Entry<'_> {
    Entry {
        key,
        content: Some((100_000, key)),
        outcome,
        is_common: outcome.len() < 8,
    }
}

fn outcome(log: &mut Log, key: u64) -> Option<Vec<u8>> {
    let place = log.of_key(key)?;
    Some(log.outcome(place).unwrap())
}

#[test]
fn what_was_added_is_found_at_once_and_after_another_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.part");
    let mut log = Log::open(&path, &BASIS).unwrap();
    let long = vec![b'x'; 200_000];
    for (key, said) in [
        (1, b"clean".as_slice()),
        (2, &long),
        (3, b"clean"),
        (4, b"scanned, once"),
    ] {
        log.add(&entry(key, said)).unwrap();
        assert_eq!(outcome(&mut log, key).unwrap(), said);
    }
    log.sync().unwrap();
    let mut log = Log::open(&path, &BASIS).unwrap();
    assert_eq!(log.of_key(1), Some(Place::Shared(0)));
    assert_eq!(log.of_key(3), log.of_key(1));
    assert_eq!(outcome(&mut log, 2).unwrap(), long);
    assert_eq!(outcome(&mut log, 4).unwrap(), b"scanned, once");
    assert_eq!(outcome(&mut log, 5), None);
    assert!(log.has_size(100_000) && !log.has_size(100_001));
    assert_eq!(log.of_content((100_000, 2)), log.of_key(2));
    // And it goes on.
    log.add(&entry(5, b"one more that is long")).unwrap();
    assert_eq!(outcome(&mut log, 5).unwrap(), b"one more that is long");
    assert_eq!(outcome(&mut log, 4).unwrap(), b"scanned, once");
}

#[test]
fn another_basis_forgets_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.part");
    let mut log = Log::open(&path, &BASIS).unwrap();
    log.add(&entry(1, b"clean")).unwrap();
    log.sync().unwrap();
    assert_eq!(outcome(&mut Log::open(&path, &[8; 32]).unwrap(), 1), None);
    assert_eq!(outcome(&mut Log::open(&path, &BASIS).unwrap(), 1), None);
}

#[test]
fn a_file_that_is_cut_or_damaged_anywhere_keeps_what_precedes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.part");
    let mut log = Log::open(&path, &BASIS).unwrap();
    let said = |key: u64| format!("outcome number {key}").into_bytes();
    for key in 0..20 {
        log.add(&entry(key, &said(key))).unwrap();
    }
    log.sync().unwrap();
    let sound = fs::read(&path).unwrap();
    let mut known_before = 0;
    for at in (0..sound.len()).step_by(13) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x20;
        for bytes in [&sound[..at], &damaged] {
            fs::write(&path, bytes).unwrap();
            let mut log = Log::open(&path, &BASIS).unwrap();
            let known = (0..20).take_while(|key| log.of_key(*key).is_some()).count();
            for key in 0..u64::try_from(known).unwrap() {
                assert_eq!(
                    outcome(&mut log, key).unwrap(),
                    said(key),
                    "damaged at {at}"
                );
            }
            assert!(known >= known_before && known < 20, "damaged at {at}");
            known_before = known;
            // What is added to it is kept again.
            log.add(&entry(99, b"after the damage")).unwrap();
            log.sync().unwrap();
            let mut log = Log::open(&path, &BASIS).unwrap();
            assert_eq!(outcome(&mut log, 99).unwrap(), b"after the damage");
        }
    }
}
