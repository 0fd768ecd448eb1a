//! The file of what is known, cut and damaged; contents that are met again.

use super::*;
use crate::platform::Audience;
use crate::scan::Exclusions;

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
    for key in [1, 3] {
        let place = log.of_key(key).unwrap();
        assert!(matches!(place, Place::Shared { rank: 0, .. }));
        let content = log.content(place, 100_000).unwrap();
        assert_eq!(content, Some((100_000, key)));
        assert_eq!(log.content(place, 10).unwrap(), None);
    }
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

/// A file of long ago, as the walk finds it.
fn found(folder: &Path, name: &str, content: &str) -> Found {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    file.set_modified(long_ago).unwrap();
    Found {
        metadata: fs::metadata(&path).unwrap(),
        path,
        passers: Audience::Everyone,
    }
}

fn options() -> Options {
    Options {
        exclusions: Exclusions::default(),
        max_file_bytes: 1 << 30,
        content_key: Some([7; 32]),
        allowances: None,
    }
}

#[test]
fn a_content_that_is_met_again_is_told_as_the_first_time() {
    let (share, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (share, options) = (share.path(), options());
    let open = || {
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        Known::open(folder.path(), share, Basis::new("rules", &options), now).unwrap()
    };
    let content = "C".repeat(100_000);
    let identity = |found: &Found| Identity::of(found, &options).unwrap();
    let first = found(share, "first.txt", &content);
    let said = ScannedFile {
        media_type: Some("text/plain".to_owned()),
        fingerprint: Some([3; 32]),
        ..first.unread()
    };
    let mut known = open();
    known.learn(identity(&first), &first, &[said]);
    known.end(true).unwrap();

    // After a pass that only recalled it, too.
    for _ in 0..2 {
        let mut known = open();
        assert!(known.recall(identity(&first), &first).is_some());
        known.end(true).unwrap();
    }
    let mut known = open();
    let copy = found(share, "copy.txt", &content);
    assert!(known.recall(identity(&copy), &copy).is_none());
    let other = known.recall_content(identity(&copy), &copy, || Some([4; 32]));
    assert!(other.is_none());
    let again = known
        .recall_content(identity(&copy), &copy, || Some([3; 32]))
        .unwrap();
    assert_eq!(again.len(), 1);
    assert!(again[0].path.ends_with("copy.txt"), "{}", again[0].path);
    assert_eq!(again[0].media_type.as_deref(), Some("text/plain"));
    assert!(known.recall(identity(&copy), &copy).is_some());
    // A size that is not known is not even fingerprinted.
    let longer = found(share, "longer.txt", &format!("{content}C"));
    let unknown = known.recall_content(identity(&longer), &longer, || unreachable!());
    assert!(unknown.is_none());
}
