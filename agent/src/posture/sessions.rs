//! Passwords and sessions: how long, how idle, how automatic.

use super::{Sheet, settings};
use crate::platform::System;

/// What pam_pwquality and pam_unix ask for when nothing is written.
const PWQUALITY_DEFAULT: i64 = 8;
const PAM_UNIX_DEFAULT: i64 = 6;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    if let Some((length, source)) = min_length(system) {
        sheet.note("password.min_length", length, source);
    }
    if let Some((seconds, source)) = idle_timeout(system) {
        sheet.note("session.idle_timeout_seconds", seconds, source);
    }
    if let Some((automatic, source)) = automatic_logon(system) {
        sheet.note("logon.automatic", automatic, source);
    }
}

fn min_length(system: &System) -> Option<(i64, String)> {
    let stacks = ["/etc/pam.d/common-password", "/etc/pam.d/system-auth"];
    let (path, stack) = stacks
        .iter()
        .find_map(|path| Some((path, system.read(path).ok()?)))?;
    let module = |name: &str| settings(&stack).find(|(_, line)| line.contains(name));
    let argument = |line: &str| {
        let value = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("minlen="))?;
        value.parse().ok()
    };
    if let Some((number, line)) = module("pam_pwquality.so") {
        if let Some(length) = argument(line) {
            return Some((length, format!("{path}:{number}: minlen")));
        }
        let config = "/etc/security/pwquality.conf";
        let written = system.read(config).ok().and_then(|text| {
            let mut pairs = settings(&text).filter_map(|(_, line)| line.split_once('='));
            let (_, value) = pairs.find(|(key, _)| key.trim() == "minlen")?;
            value.trim().parse().ok()
        });
        return Some(match written {
            Some(length) => (length, format!("{config}: minlen")),
            None => (
                PWQUALITY_DEFAULT,
                "pam_pwquality (valeur par défaut)".to_owned(),
            ),
        });
    }
    let (number, line) = module("pam_unix.so")?;
    Some(match argument(line) {
        Some(length) => (length, format!("{path}:{number}: minlen")),
        None => (PAM_UNIX_DEFAULT, "pam_unix (valeur par défaut)".to_owned()),
    })
}

/// The timeout of terminals on a server, of the desktop where there is one.
fn idle_timeout(system: &System) -> Option<(i64, String)> {
    if has_desktop(system) {
        return desktop_idle_delay(system);
    }
    let mut paths = vec!["/etc/profile".to_owned(), "/etc/bash.bashrc".to_owned()];
    let scripts = system.list("/etc/profile.d").unwrap_or_default();
    paths.extend(scripts.iter().map(|name| format!("/etc/profile.d/{name}")));
    for path in paths.iter().filter(|path| system.has(path)) {
        // Closed to us, it could say otherwise.
        let text = system.read(path).ok()?;
        if let Some(seconds) = tmout(&text) {
            return Some((seconds, format!("{path}: TMOUT")));
        }
    }
    Some((0, "/etc/profile, /etc/profile.d: TMOUT absent".to_owned()))
}

fn tmout(script: &str) -> Option<i64> {
    let words = settings(script).flat_map(|(_, line)| line.split([' ', ';', '\t']));
    words
        .filter_map(|word| word.strip_prefix("TMOUT="))
        .find_map(|value| value.trim_matches('"').parse().ok())
}

fn has_desktop(system: &System) -> bool {
    let managers = [
        "/etc/gdm3",
        "/etc/gdm",
        "/etc/lightdm",
        "/etc/sddm.conf",
        "/etc/sddm.conf.d",
    ];
    managers.iter().any(|path| system.has(path))
}

/// The delay that the administrator set for all desktops.
fn desktop_idle_delay(system: &System) -> Option<(i64, String)> {
    const FOLDER: &str = "/etc/dconf/db/local.d";
    let names = system.list(FOLDER).ok()?;
    names.iter().find_map(|name| {
        let path = format!("{FOLDER}/{name}");
        let text = system.read(&path).ok()?;
        let value = settings(&text).find_map(|(_, line)| line.strip_prefix("idle-delay="))?;
        let seconds = value.trim_start_matches("uint32").trim().parse().ok()?;
        Some((seconds, format!("{path}: idle-delay")))
    })
}

/// Unknown on a machine without a desktop: nobody logs on to a screen.
fn automatic_logon(system: &System) -> Option<(bool, String)> {
    let mut configs = vec![
        "/etc/gdm3/daemon.conf".to_owned(),
        "/etc/gdm/custom.conf".to_owned(),
        "/etc/lightdm/lightdm.conf".to_owned(),
        "/etc/sddm.conf".to_owned(),
    ];
    for folder in ["/etc/lightdm/lightdm.conf.d", "/etc/sddm.conf.d"] {
        let names = system.list(folder).unwrap_or_default();
        configs.extend(names.iter().map(|name| format!("{folder}/{name}")));
    }
    let texts = configs
        .iter()
        .filter_map(|path| Some((path, system.read(path).ok()?)));
    let mut read = None;
    for (path, text) in texts {
        if opens_alone(&text) {
            return Some((true, path.clone()));
        }
        read = Some((false, path.clone()));
    }
    read
}

fn opens_alone(config: &str) -> bool {
    let mut section = "";
    let mut opens = false;
    for (_, line) in settings(config) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim();
        opens |= match key.trim() {
            "AutomaticLoginEnable" => value.eq_ignore_ascii_case("true"),
            "autologin-user" => !value.is_empty(),
            "User" => section == "[Autologin]" && !value.is_empty(),
            _ => false,
        };
    }
    opens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_timeout_however_exported() {
        assert_eq!(tmout("readonly TMOUT=600 ; export TMOUT\n"), Some(600));
        assert_eq!(tmout("# TMOUT=600\n"), None);
    }

    #[test]
    fn a_commented_autologin_opens_nothing() {
        assert!(!opens_alone("[daemon]\n# AutomaticLoginEnable = true\n"));
        assert!(opens_alone("[daemon]\nAutomaticLoginEnable = True\n"));
        assert!(opens_alone("[Autologin]\nUser=accueil\n"));
        assert!(!opens_alone("[X11]\nUser=accueil\n"));
    }
}
