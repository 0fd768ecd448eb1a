//! Whole machines, from their files.

use beffroi_rules::facts::Vocabulary;

use super::*;

const VOCABULARY: &str = include_str!("../../../rules/facts.toml");

fn observed(machine: &str) -> Vec<Fact> {
    let root = format!("{}/tests/captured/{machine}", env!("CARGO_MANIFEST_DIR"));
    facts(
        &System::captured(root),
        "2026-11-21T08:00:00Z".parse().unwrap(),
    )
}

fn value(facts: &[Fact], name: &str) -> Option<String> {
    let fact = facts.iter().find(|fact| fact.name == name)?;
    Some(fact.value.to_string())
}

#[test]
fn every_fact_is_of_the_vocabulary() {
    let vocabulary = Vocabulary::parse("rules/facts.toml", VOCABULARY).unwrap();
    let live = collect("2026-11-21T08:00:00Z".parse().unwrap());
    for fact in [observed("file-server"), observed("bare"), live].concat() {
        assert_eq!(
            vocabulary.check(&fact.name, &fact.value),
            Ok(()),
            "{}",
            fact.name
        );
        assert!(!fact.source.is_empty(), "{}", fact.name);
    }
}

#[test]
fn a_fact_is_stated_once() {
    let facts = observed("file-server");
    for pair in facts.windows(2) {
        assert!(pair[0].name < pair[1].name, "{}", pair[0].name);
    }
}

#[test]
fn a_machine_that_shows_nothing_has_no_bad_marks() {
    let facts = observed("bare");
    for name in [
        "firewall.active",
        "disk.encrypted",
        "antivirus.present",
        "backup.tools",
        "log.persistent",
        "mac.enforcing",
        "accounts.empty_password_count",
        "ssh.root_login",
        "updates.automatic",
    ] {
        assert_eq!(value(&facts, name), None, "{name}");
    }
}

#[test]
fn reads_a_neglected_file_server() {
    let facts = observed("file-server");
    let expected = [
        ("os.id", "debian"),
        ("os.version", "12"),
        ("machine.chassis", "server"),
        ("accounts.extra_uid0", "toor"),
        ("accounts.empty_password_count", "1"),
        ("accounts.sudo_nopasswd", "/etc/sudoers.d/90-installation:2"),
        ("antivirus.present", "oui"),
        ("backup.tools", "restic"),
        ("disk.encrypted", "non"),
        ("firewall.active", "oui"),
        ("firewall.default_deny", "oui"),
        ("log.persistent", "oui"),
        ("mac.enforcing", "oui"),
        ("network.sensitive_listeners", "3306/tcp"),
        ("nfs.world_exports", "/srv/archives"),
        ("password.min_length", "10"),
        ("samba.guest_shares", "echange, scan"),
        ("samba.min_protocol", "NT1"),
        ("services.legacy", "ftp"),
        ("session.idle_timeout_seconds", "900"),
        ("ssh.empty_passwords", "non"),
        ("ssh.enabled", "oui"),
        ("ssh.password_authentication", "non"),
        ("ssh.root_login", "yes"),
        ("time.synchronised", "oui"),
        ("updates.automatic", "non"),
        ("updates.pending_reboot", "oui"),
    ];
    for (name, expected) in expected {
        assert_eq!(value(&facts, name).as_deref(), Some(expected), "{name}");
    }
}
