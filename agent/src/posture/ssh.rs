//! `sshd_config` and what it includes. The first value of a keyword wins; `Match` blocks change it for some only and are
//! left aside.

use super::{Sheet, is_unit_wanted, settings};
use crate::platform::System;

const SERVER: &str = "/usr/sbin/sshd";
const CONFIG: &str = "/etc/ssh/sshd_config";
/// Files that include one another stop here.
const MAX_DEPTH: usize = 8;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    if !system.has(SERVER) {
        sheet.note("ssh.enabled", false, format!("{SERVER} absent"));
        return;
    }
    if let Some((enabled, source)) = enabled(system) {
        sheet.note("ssh.enabled", enabled, source);
    }
    let mut config = Config::default();
    if !config.read(system, CONFIG, 0) {
        return;
    }
    let (root, source) = config.value("permitrootlogin", "prohibit-password");
    // The old name of the same.
    let root = if root == "without-password" {
        "prohibit-password".to_owned()
    } else {
        root
    };
    sheet.note("ssh.root_login", root, source);
    let (password, source) = config.value("passwordauthentication", "yes");
    sheet.note("ssh.password_authentication", password == "yes", source);
    let (empty, source) = config.value("permitemptypasswords", "no");
    sheet.note("ssh.empty_passwords", empty == "yes", source);
}

fn enabled(system: &System) -> Option<(bool, String)> {
    let units = ["ssh.service", "sshd.service", "ssh.socket", "sshd.socket"];
    if let Some(unit) = is_unit_wanted(system, |unit| units.contains(&unit)) {
        return Some((true, unit));
    }
    let processes = system.processes().ok()?;
    let runs = processes.iter().any(|name| name == "sshd");
    Some((runs, "/proc: sshd".to_owned()))
}

/// Keywords with the first value given and where.
#[derive(Default)]
struct Config(Vec<(String, String, String)>);

impl Config {
    /// False when a file of it cannot be read: what it says is then unknown.
    fn read(&mut self, system: &System, path: &str, depth: usize) -> bool {
        let Ok(text) = system.read(path) else {
            return false;
        };
        for (_, line) in settings(&text) {
            let (keyword, value) = line
                .split_once(|letter: char| letter.is_whitespace() || letter == '=')
                .unwrap_or((line, ""));
            let value =
                value.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '=');
            match keyword.to_ascii_lowercase().as_str() {
                "match" => break,
                "include" if depth < MAX_DEPTH => {
                    let included = value
                        .split_whitespace()
                        .flat_map(|pattern| expand(system, pattern));
                    for file in included {
                        if !self.read(system, &file, depth + 1) {
                            return false;
                        }
                    }
                }
                keyword => {
                    let value = value.trim_matches('"').to_ascii_lowercase();
                    self.0.push((keyword.to_owned(), value, path.to_owned()));
                }
            }
        }
        true
    }

    fn value(&self, keyword: &str, default: &str) -> (String, String) {
        let mut given = self.0.iter().filter(|(name, _, _)| name == keyword);
        match given.next() {
            Some((_, value, path)) => (value.clone(), format!("{path}: {keyword}")),
            None => (
                default.to_owned(),
                format!("{CONFIG}: {keyword} (valeur par défaut)"),
            ),
        }
    }
}

/// The files that `/etc/ssh/sshd_config.d/*.conf` means, in order.
fn expand(system: &System, pattern: &str) -> Vec<String> {
    let pattern = if pattern.starts_with('/') {
        pattern.to_owned()
    } else {
        format!("/etc/ssh/{pattern}")
    };
    let Some((folder, name)) = pattern.rsplit_once('/') else {
        return Vec::new();
    };
    let Some((before, after)) = name.split_once('*') else {
        return vec![pattern.clone()];
    };
    let names = system.list(folder).unwrap_or_default();
    names
        .iter()
        .filter(|name| name.starts_with(before) && name.ends_with(after) && !name.starts_with('.'))
        .map(|name| format!("{folder}/{name}"))
        .collect()
}
