//! Which backup tools work on this machine: units that start by themselves, running services, lines of cron.

use super::{Sheet, is_unit_wanted, settings};
use crate::platform::System;

/// The tool, and the words by which units, processes and commands name it.
const TOOLS: [(&str, &[&str]); 14] = [
    ("bacula", &["bacula-fd"]),
    ("bareos", &["bareos-fd"]),
    ("borg", &["borg", "borgbackup"]),
    ("borgmatic", &["borgmatic"]),
    ("burp", &["burp"]),
    ("duplicati", &["duplicati", "duplicati-serve"]),
    ("duplicity", &["duplicity", "duply"]),
    ("kopia", &["kopia"]),
    (
        "proxmox-backup",
        &["proxmox-backup-client", "proxmox-backup"],
    ),
    ("restic", &["restic", "resticprofile"]),
    ("rsnapshot", &["rsnapshot"]),
    ("timeshift", &["timeshift", "timeshift-hourly"]),
    ("urbackup", &["urbackupclientbackend", "urbackupclientb"]),
    ("veeam", &["veeamservice", "veeam"]),
];

const CRON_FOLDERS: [&str; 7] = [
    "/etc/cron.d",
    "/etc/cron.hourly",
    "/etc/cron.daily",
    "/etc/cron.weekly",
    "/etc/cron.monthly",
    "/var/spool/cron/crontabs",
    "/var/spool/cron",
];

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    let Ok(processes) = system.processes() else {
        return;
    };
    let (commands, all_read) = cron_commands(system);
    let tools: Vec<String> = TOOLS
        .iter()
        .filter(|(_, names)| {
            processes
                .iter()
                .any(|process| names.contains(&process.as_str()))
                || commands
                    .iter()
                    .any(|command| names.contains(&command.as_str()))
                || is_unit_wanted(system, |unit| is_unit_of(unit, names)).is_some()
        })
        .map(|(tool, _)| (*tool).to_owned())
        .collect();
    // None found proves nothing while a crontab is closed to us.
    if tools.is_empty() && !all_read {
        return;
    }
    sheet.note(
        "backup.tools",
        tools,
        "/etc/systemd/system, /etc/cron.*, /proc",
    );
}

fn is_unit_of(unit: &str, names: &[&str]) -> bool {
    let name = unit.split(['.', '@']).next().unwrap_or_default();
    names.iter().any(|tool| {
        name.strip_prefix(tool)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

/// The last part of every word in every crontab, and whether all crontabs could be read.
fn cron_commands(system: &System) -> (Vec<String>, bool) {
    let mut paths = Vec::new();
    let mut all_read = true;
    if system.has("/etc/crontab") {
        paths.push("/etc/crontab".to_owned());
    }
    for folder in CRON_FOLDERS.iter().filter(|folder| system.has(folder)) {
        match system.list(folder) {
            Ok(names) => {
                let inside = names.iter().map(|name| format!("{folder}/{name}"));
                paths.extend(inside.filter(|path| system.list(path).is_err()));
            }
            Err(_) => all_read = false,
        }
    }
    let mut commands = Vec::new();
    for path in paths {
        match system.read(&path) {
            Ok(text) => commands.extend(words(&text)),
            Err(_) => all_read = false,
        }
    }
    (commands, all_read)
}

fn words(crontab: &str) -> Vec<String> {
    let words = settings(crontab).flat_map(|(_, line)| line.split_whitespace());
    words
        .filter_map(|word| word.rsplit('/').next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_by_their_first_word() {
        assert!(is_unit_of("restic-partage.timer", &["restic"]));
        assert!(is_unit_of("borgmatic.timer", &["borgmatic"]));
        assert!(!is_unit_of("resticulation.service", &["restic"]));
    }

    #[test]
    fn commands_lose_their_folder() {
        assert_eq!(
            words("0 2 * * * root /usr/bin/restic backup /srv")
                .get(6)
                .unwrap(),
            "restic"
        );
    }
}
