//! Accounts: who has all rights, who has no password, who becomes root without one.

use super::{Sheet, settings};
use crate::platform::System;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    if let Ok(passwd) = system.read("/etc/passwd") {
        sheet.note(
            "accounts.extra_uid0",
            extra_roots(&passwd),
            "/etc/passwd: UID 0",
        );
    }
    // Only root may read it.
    if let Ok(shadow) = system.read("/etc/shadow") {
        let count = i64::try_from(without_password(&shadow)).unwrap_or(i64::MAX);
        sheet.note("accounts.empty_password_count", count, "/etc/shadow");
    }
    if let Some(places) = sudo_without_password(system) {
        sheet.note(
            "accounts.sudo_nopasswd",
            places,
            "/etc/sudoers, /etc/sudoers.d: NOPASSWD",
        );
    }
}

fn extra_roots(passwd: &str) -> Vec<String> {
    let accounts = settings(passwd).filter_map(|(_, line)| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        Some((name, fields.nth(1)?))
    });
    accounts
        .filter(|(name, uid)| *uid == "0" && *name != "root")
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// An empty field opens the account; `!` and `*` close it.
fn without_password(shadow: &str) -> usize {
    settings(shadow)
        .filter(|(_, line)| line.split(':').nth(1) == Some(""))
        .count()
}

/// `None` when a file could not be read; a machine without sudo gives nobody its rights.
fn sudo_without_password(system: &System) -> Option<Vec<String>> {
    const MAIN: &str = "/etc/sudoers";
    const FOLDER: &str = "/etc/sudoers.d";
    if !system.has(MAIN) {
        return Some(Vec::new());
    }
    let mut places = open_rules(&system.read(MAIN).ok()?, MAIN);
    if system.has(FOLDER) {
        // sudo itself ignores such names.
        let names = system.list(FOLDER).ok()?;
        let names = names.iter().filter(|name| !name.contains(['.', '~']));
        for name in names {
            let path = format!("{FOLDER}/{name}");
            places.extend(open_rules(&system.read(&path).ok()?, &path));
        }
    }
    Some(places)
}

/// Rules that give everything without asking; a single command is a choice.
fn open_rules(sudoers: &str, path: &str) -> Vec<String> {
    let gives_all = |line: &str| {
        let Some((_, commands)) = line.split_once("NOPASSWD:") else {
            return false;
        };
        commands.split(',').any(|command| command.trim() == "ALL")
    };
    settings(sudoers)
        .filter(|(_, line)| gives_all(line))
        .map(|(number, _)| format!("{path}:{number}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_accounts_that_are_root_under_another_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nzoe:x:1000:1000::/home/zoe:/bin/bash\n";
        assert_eq!(extra_roots(passwd), ["toor"]);
    }

    #[test]
    fn a_closed_account_is_not_an_open_one() {
        assert_eq!(
            without_password("root:!:1::::::\nzoe::1::::::\nluc:$y$x:1::::::\n"),
            1
        );
    }

    #[test]
    fn one_command_without_password_is_a_choice() {
        let sudoers = "%sudo ALL=(ALL:ALL) ALL\nsauvegarde ALL=(root) NOPASSWD: /usr/bin/borg\n# x ALL=NOPASSWD: ALL\nubuntu ALL=(ALL) NOPASSWD:ALL\n";
        assert_eq!(open_rules(sudoers, "/etc/sudoers"), ["/etc/sudoers:4"]);
    }
}
