//! Updates: automatic, recent, finished.

use super::{Sheet, is_unit_wanted, settings};
use crate::platform::System;

const APT_CONFIG: &str = "/etc/apt/apt.conf";
const APT_FOLDER: &str = "/etc/apt/apt.conf.d";
const UNATTENDED: &str = "/usr/bin/unattended-upgrade";
const REBOOT: &str = "/run/reboot-required";

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    if let Some((automatic, source)) = automatic(system) {
        sheet.note("updates.automatic", automatic, source);
    }
    if system.has(REBOOT) {
        sheet.note("updates.pending_reboot", true, REBOOT);
    } else if system.has(UNATTENDED)
        || system.has("/usr/share/update-notifier/notify-reboot-required")
    {
        // Only these write the mark; without them its absence says nothing.
        sheet.note("updates.pending_reboot", false, format!("{REBOOT} absent"));
    }
    let stamps = [
        "/var/lib/apt/periodic/update-success-stamp",
        "/var/cache/dnf",
        "/var/cache/libdnf5",
    ];
    let stamp = stamps
        .iter()
        .find_map(|path| Some((system.modified(path)?, *path)));
    if let Some((time, path)) = stamp {
        sheet.note(
            "updates.last_success",
            time.strftime("%F").to_string(),
            path,
        );
    }
}

fn automatic(system: &System) -> Option<(bool, String)> {
    if system.has(APT_FOLDER) {
        return apt(system);
    }
    let timers = [
        "dnf-automatic.timer",
        "dnf-automatic-install.timer",
        "dnf5-automatic.timer",
    ];
    if !system.has("/usr/bin/dnf") {
        return None;
    }
    Some(
        match is_unit_wanted(system, |unit| timers.contains(&unit)) {
            Some(unit) => (true, unit),
            None => (false, "/etc/systemd/system: dnf-automatic.timer".to_owned()),
        },
    )
}

fn apt(system: &System) -> Option<(bool, String)> {
    const KEY: &str = "apt::periodic::unattended-upgrade";
    if !system.has(UNATTENDED) {
        return Some((false, format!("{UNATTENDED} absent")));
    }
    let names = system.list(APT_FOLDER).ok()?;
    let fragments = names.iter().filter(|name| is_read_by_apt(name));
    let mut paths: Vec<String> = fragments
        .map(|name| format!("{APT_FOLDER}/{name}"))
        .collect();
    if system.has(APT_CONFIG) {
        paths.push(APT_CONFIG.to_owned());
    }
    // The last one to say something is right.
    let mut answer = (
        false,
        format!("{APT_FOLDER}: APT::Periodic::Unattended-Upgrade absent"),
    );
    for path in paths {
        let text = system.read(&path).ok()?;
        if let Some(value) = apt_value(&text, KEY) {
            let is_on = !matches!(value.as_str(), "0" | "false" | "no" | "");
            answer = (is_on, format!("{path}: APT::Periodic::Unattended-Upgrade"));
        }
    }
    Some(answer)
}

fn is_read_by_apt(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((_, extension)) => extension == "conf",
        None => !name.ends_with('~'),
    }
}

/// The last value of a key, written in one line (`A::B "1";`) or in blocks (`A { B "1"; };`).
fn apt_value(config: &str, wanted: &str) -> Option<String> {
    let mut scopes: Vec<String> = Vec::new();
    let mut found = None;
    let lines = settings(config).filter(|(_, line)| !line.starts_with("//"));
    for (_, line) in lines {
        let line = line.trim_end_matches(';').trim();
        if let Some(scope) = line.strip_suffix('{') {
            scopes.push(scope.trim().to_lowercase());
            continue;
        }
        if line.starts_with('}') {
            scopes.pop();
            continue;
        }
        let Some((key, value)) = line.split_once(char::is_whitespace) else {
            continue;
        };
        let key = scopes
            .iter()
            .map(String::as_str)
            .chain([key])
            .collect::<Vec<_>>()
            .join("::");
        if key.to_lowercase() == wanted {
            found = Some(value.trim().trim_matches('"').to_lowercase());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_blocks_of_apt() {
        let key = "apt::periodic::unattended-upgrade";
        let line = "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n";
        assert_eq!(apt_value(line, key).as_deref(), Some("1"));
        let block = "APT {\n  Periodic {\n    Unattended-Upgrade \"0\";\n  };\n};\n";
        assert_eq!(apt_value(block, key).as_deref(), Some("0"));
        assert_eq!(
            apt_value("// APT::Periodic::Unattended-Upgrade \"1\";\n", key),
            None
        );
    }
}
