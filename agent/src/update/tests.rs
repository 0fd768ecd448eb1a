//! What is taken, what is not, and what a power cut leaves. The signature was made by minisign 0.11:
//! `printf 'a program' >p; minisign -Sm p -t 'beffroi-agent 99.0.0 linux-x86_64'`.

use std::fs;

use tempfile::TempDir;

use super::store::Choice;
use super::*;
use crate::state::StateFolder;

const BYTES: &[u8] = b"a program";
const KEY: &str = "RWROWBux7pokxvX9nxaX43Ipphd3pyHWNhtDvWAMwDGVyEuuFbBJEaao";
const COMMENT: &str = "beffroi-agent 99.0.0 linux-x86_64";
const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUROWBux7pokxuDCqfFJ1ouYoIHQT8Ot/jNwH3/beq1OV7Mwnb1lPUtY8EBi3o+sWnsLqG2i2Y6iwdVwSzNGiL1G7bfXudjiIQM=
trusted comment: beffroi-agent 99.0.0 linux-x86_64
nnyBz//br42TaR8Z+2/mfMJURIdQLb3NZrZssbnJBkeD9EDq/NjEt4z342aRJGIJuFe8NXVawf/LdDvvAMJzAw==
";

fn version() -> Version {
    Version::new(99, 0, 0)
}

fn offer() -> Offer {
    Offer {
        version: "99.0.0".to_owned(),
        size_bytes: BYTES.len() as u64,
        signature: SIGNATURE.to_owned(),
    }
}

fn named(comment: &str) -> Offer {
    Offer {
        version: comment.split(' ').nth(1).unwrap().to_owned(),
        signature: SIGNATURE.replace(COMMENT, comment),
        ..offer()
    }
}

fn updates(folder: &TempDir) -> Updates {
    let state = StateFolder::open(folder.path()).unwrap();
    Updates::new(
        &state,
        Settings {
            keys: vec![ReleaseKey::parse(KEY).unwrap()],
            patience: Duration::from_secs(600),
            bytes_per_second: 1,
        },
    )
}

/// On trial.
fn taken(updates: &Updates) {
    let mut incoming = updates.incoming(&offer()).unwrap();
    incoming.write(BYTES).unwrap();
    updates.take(incoming).unwrap();
}

fn files(folder: &TempDir) -> usize {
    fs::read_dir(folder.path().join("updates")).unwrap().count()
}

#[test]
fn a_new_program_is_started_three_times_at_most_until_it_has_reported() {
    let folder = tempfile::tempdir().unwrap();
    let first = updates(&folder);
    assert_eq!(first.choose(), Choice::Ourselves);
    taken(&first);
    // As after a restart.
    let again = updates(&folder);
    let Choice::Trial(trial) = again.choose() else {
        panic!("not on trial");
    };
    assert_eq!(
        fs::read(again.ready(&trial.program).unwrap()).unwrap(),
        BYTES
    );
    for start in 1..=3 {
        assert_eq!(again.count_start().unwrap(), Some(start));
    }
    assert_eq!(again.count_start().unwrap(), None);
    assert_eq!(again.news()[0].outcome, Outcome::OnTrial);

    // A program that is not the one on trial has nothing to show.
    assert!(!again.is_on_trial());
    again.confirm().unwrap();
    assert!(!again.has_reported(&version()));
    let mut reporting = updates(&folder);
    reporting.own_version = version();
    assert!(reporting.is_on_trial());
    reporting.confirm().unwrap();
    assert_eq!(reporting.news()[0].outcome, Outcome::Runs);
    assert!(again.has_reported(&version()));
    assert_eq!(updates(&folder).choose(), Choice::Current(trial.program));
}

#[test]
fn what_went_back_is_never_taken_again() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    taken(&updates);
    updates
        .roll_back(&version(), "n'a rien dit".to_owned())
        .unwrap();
    assert_eq!(updates.choose(), Choice::Ourselves);
    assert_eq!(files(&folder), 0);
    let refusal = updates.judge(&offer()).unwrap_err();
    assert!(matches!(refusal, Refusal::TriedBefore(_)), "{refusal}");
    let outcome = Outcome::RolledBack("n'a rien dit".to_owned());
    assert_eq!(updates.news()[0].outcome, outcome);
}

#[test]
fn offers_that_are_not_for_this_machine_are_refused_before_a_byte_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    let refusal = |offer: Offer| updates.judge(&offer).unwrap_err();
    let old = named("beffroi-agent 0.0.1 linux-x86_64");
    assert!(matches!(refusal(old), Refusal::NotNewer(..)));
    let same = named(&format!("beffroi-agent {} linux-x86_64", own_version()));
    assert!(matches!(refusal(same), Refusal::NotNewer(..)));
    let foreign = named("beffroi-agent 99.0.0 windows-x86_64");
    assert!(matches!(refusal(foreign), Refusal::OtherPlatform(..)));
    let other = Offer {
        version: "98.0.0".to_owned(),
        ..offer()
    };
    assert!(matches!(refusal(other), Refusal::OtherPackage(..)));
    let huge = Offer {
        size_bytes: u64::MAX,
        ..offer()
    };
    assert!(matches!(refusal(huge), Refusal::TooLarge(_)));
}

#[test]
fn what_no_key_has_signed_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    let tries = [
        (offer(), &b"A program"[..]),
        (named("beffroi-agent 99.0.1 linux-x86_64"), BYTES),
    ];
    for (offer, bytes) in tries {
        let mut incoming = updates.incoming(&offer).unwrap();
        incoming.write(bytes).unwrap();
        let refusal = updates.take(incoming).err().unwrap();
        assert!(
            matches!(refusal, Refusal::Package(PackageError::UnknownSigner)),
            "{refusal}"
        );
        assert_eq!(files(&folder), 0);
        assert_eq!(updates.choose(), Choice::Ourselves);
    }
}

#[test]
fn a_stream_that_does_not_end_is_cut_at_what_was_announced() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    let mut incoming = updates.incoming(&offer()).unwrap();
    incoming.write(BYTES).unwrap();
    assert!(matches!(incoming.write(b"."), Err(Refusal::OtherSize(9))));
    assert_eq!(files(&folder), 0);
    // One that ends too early says so by an empty piece.
    let mut incoming = updates.incoming(&offer()).unwrap();
    assert!(matches!(incoming.write(b""), Err(Refusal::OtherSize(9))));
}

#[test]
fn a_package_goes_on_where_it_was_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let before = updates(&folder);
    let (head, tail) = BYTES.split_at(4);
    before.incoming(&offer()).unwrap().write(head).unwrap();
    let after = updates(&folder);
    let mut incoming = after.incoming(&offer()).unwrap();
    assert_eq!(incoming.held(), 4);
    incoming.write(tail).unwrap();
    assert!(incoming.is_whole());
    after.take(incoming).unwrap();
}

#[test]
fn a_power_cut_before_the_ledger_leaves_the_program_that_worked() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    taken(&updates);
    fs::remove_file(folder.path().join("update.json")).unwrap();
    assert_eq!(updates.choose(), Choice::Ourselves);
    // It comes again.
    taken(&updates);
    assert_eq!(files(&folder), 1);
    // A ledger that is no ledger is none.
    fs::write(folder.path().join("update.json"), b"{\"trial\": 7}").unwrap();
    assert_eq!(updates.choose(), Choice::Ourselves);
}

#[test]
fn a_program_that_was_changed_on_the_disk_is_not_started() {
    let folder = tempfile::tempdir().unwrap();
    let updates = updates(&folder);
    taken(&updates);
    let Choice::Trial(trial) = updates.choose() else {
        panic!("not on trial");
    };
    fs::write(updates.program(&version()), b"another").unwrap();
    assert!(updates.ready(&trial.program).is_err());
}

#[test]
fn without_a_key_nothing_is_asked_for_or_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut updates = updates(&folder);
    taken(&updates);
    assert_eq!(updates.platform(), "linux-x86_64");
    updates.settings.keys.clear();
    assert_eq!(updates.platform(), "");
    assert_eq!(updates.choose(), Choice::Ourselves);
}
