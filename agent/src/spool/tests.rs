//! The spool, damaged in every way that a disk can.

use super::*;

const ROOMY: u64 = 1 << 20;

fn open(folder: &Path) -> Spool {
    Spool::open(folder, ROOMY).unwrap()
}

fn batch(spool: &Spool, after: u64) -> Option<(u64, Vec<u8>)> {
    match spool.next_after(after).unwrap()? {
        Entry::Batch { sequence, bytes } => Some((sequence, bytes)),
        Entry::Damaged { sequence } => panic!("batch {sequence} is damaged"),
    }
}

#[test]
fn gives_back_in_order_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    spool.append(b"two").unwrap();
    let id = spool.id();
    drop(spool);

    let spool = open(folder.path());

    assert_eq!(spool.id(), id);
    assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
    assert_eq!(batch(&spool, 1), Some((2, b"two".to_vec())));
    assert_eq!(batch(&spool, 2), None);
    assert_eq!(spool.waiting().0, 2);
}

#[test]
fn never_uses_a_sequence_twice() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    spool.append(b"two").unwrap();
    spool.acknowledge(2).unwrap();
    drop(spool);

    let spool = open(folder.path());

    assert_eq!(spool.waiting(), (0, 0));
    assert_eq!(spool.append(b"three").unwrap(), 3);
}

#[test]
fn killed_between_the_mark_and_the_deletion_it_deletes_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(b"one").unwrap();
    fs::write(folder.path().join("acknowledged"), "1").unwrap();
    let spool = open(folder.path());
    assert_eq!(spool.waiting().0, 0);
    assert_eq!(spool.append(b"two").unwrap(), 2);
}

#[test]
fn a_torn_write_is_not_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    fs::write(folder.path().join("00000000000000000002.tmp"), "BFS").unwrap();
    drop(spool);
    let spool = open(folder.path());
    assert_eq!(spool.append(b"two").unwrap(), 2);
    assert_eq!(batch(&spool, 1), Some((2, b"two".to_vec())));
}

#[test]
fn a_damaged_batch_is_taken_out_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    spool.append(b"two").unwrap();
    let path = batch_path(folder.path(), 1);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();

    assert_eq!(
        spool.next_after(0).unwrap(),
        Some(Entry::Damaged { sequence: 1 })
    );
    assert_eq!(batch(&spool, 0), Some((2, b"two".to_vec())));
    assert!(!path.exists());
}

#[test]
fn a_full_spool_says_so_and_has_room_again_after_an_acknowledgement() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path(), 64).unwrap();
    spool.append(&[0; 100]).unwrap();
    assert!(matches!(spool.append(b"more"), Err(SpoolError::Full)));
    spool.acknowledge(1).unwrap();
    spool.append(b"more").unwrap();
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_skips_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    spool.acknowledge(900).unwrap();
    assert_eq!(spool.append(b"two").unwrap(), 2);
}

#[test]
fn a_lost_identity_starts_a_new_spool_with_the_same_batches() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    let id = spool.id();
    drop(spool);
    fs::write(folder.path().join("id"), "").unwrap();
    let spool = open(folder.path());
    assert_ne!(spool.id(), id);
    assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
}

/// Sets the file of the last record to `bytes`, as a power cut or a bad disk may, and sees what is left of the spool.
fn with_last_record(bytes: &[u8], given: &Path) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["id", "key", "00000000000000000001.batch"] {
        fs::copy(given.join(name), folder.path().join(name)).unwrap();
    }
    fs::write(batch_path(folder.path(), 2), bytes).unwrap();
    let spool = open(folder.path());
    assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
    assert_eq!(
        spool.next_after(1).unwrap(),
        Some(Entry::Damaged { sequence: 2 })
    );
    assert_eq!(spool.waiting().0, 1);
    assert_eq!(spool.append(b"three").unwrap(), 3);
    assert_eq!(batch(&spool, 1), Some((3, b"three".to_vec())));
}

#[test]
fn a_last_record_that_is_cut_or_changed_anywhere_costs_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    spool.append(b"NIR \xe2\x80\xa2").unwrap();
    drop(spool);
    let whole = fs::read(batch_path(folder.path(), 2)).unwrap();
    for place in 0..whole.len() {
        with_last_record(&whole[..place], folder.path());
        let mut changed = whole.clone();
        changed[place] ^= 0x20;
        with_last_record(&changed, folder.path());
    }
}

#[test]
fn a_batch_under_the_name_of_another_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    spool.append(b"one").unwrap();
    fs::rename(batch_path(folder.path(), 1), batch_path(folder.path(), 7)).unwrap();
    assert_eq!(
        spool.next_after(0).unwrap(),
        Some(Entry::Damaged { sequence: 7 })
    );
}

#[test]
fn nothing_lies_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path())
        .append(b"/srv/partage/marie-dupont.csv")
        .unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"dupont"));
    }
}

#[test]
fn a_key_that_is_cut_anywhere_is_made_anew_and_what_it_sealed_is_told() {
    let given = tempfile::tempdir().unwrap();
    open(given.path()).append(b"one").unwrap();
    let key = fs::read(given.path().join("key")).unwrap();
    for length in 0..key.len() {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(batch_path(given.path(), 1), batch_path(folder.path(), 1)).unwrap();
        fs::write(folder.path().join("key"), &key[..length]).unwrap();
        let spool = open(folder.path());
        assert_eq!(
            spool.next_after(0).unwrap(),
            Some(Entry::Damaged { sequence: 1 })
        );
        spool.append(b"two").unwrap();
        drop(spool);
        assert_eq!(batch(&open(folder.path()), 0), Some((2, b"two".to_vec())));
    }
}

#[test]
fn revised_batches_shrink_or_go_and_the_last_keeps_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    for text in ["one", "two", "three", "four"] {
        spool.append(text.as_bytes()).unwrap();
    }
    let mut seen = Vec::new();
    spool
        .revise(&mut |batch| {
            seen.push(String::from_utf8(batch.to_vec()).unwrap());
            match batch {
                b"one" => None,
                b"two" => Some(b"t".to_vec()),
                _ => Some(Vec::new()),
            }
        })
        .unwrap();
    assert_eq!(seen, ["four", "three", "two", "one"]);
    let (waiting, bytes) = spool.waiting();
    drop(spool);

    let spool = open(folder.path());

    assert_eq!((waiting, bytes), spool.waiting());
    assert_eq!(batch(&spool, 0), Some((1, b"one".to_vec())));
    assert_eq!(batch(&spool, 1), Some((2, b"t".to_vec())));
    assert_eq!(batch(&spool, 2), Some((4, Vec::new())));
    assert_eq!(spool.append(b"five").unwrap(), 5);
}

#[test]
fn a_notice_goes_above_the_limit_which_can_change() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path(), 64).unwrap();
    spool.append(&[0; 100]).unwrap();
    assert_eq!(spool.append_notice(b"lost").unwrap(), 2);
    spool.limit(ROOMY);
    assert_eq!(spool.append(b"more").unwrap(), 3);
}
