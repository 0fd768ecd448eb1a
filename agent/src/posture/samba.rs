//! Windows shares of a Linux server: `smb.conf`, what it includes, and shares that users made.

use super::{Sheet, settings};
use crate::platform::System;

const CONFIG: &str = "/etc/samba/smb.conf";
const USER_SHARES: &str = "/var/lib/samba/usershares";
const MAX_DEPTH: usize = 8;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    // Clients have the configuration too.
    if !system.has("/usr/sbin/smbd") && !system.has("/usr/bin/smbd") {
        return;
    }
    let mut shares = Vec::new();
    if !read(system, CONFIG, 0, &mut shares) {
        return;
    }
    let guests = shares
        .iter()
        .filter(|share| share.name != "global" && share.opens_to_guests());
    let mut guests: Vec<String> = guests.map(|share| share.name.clone()).collect();
    for name in system.list(USER_SHARES).unwrap_or_default() {
        let Ok(text) = system.read(&format!("{USER_SHARES}/{name}")) else {
            continue;
        };
        if text.lines().any(|line| line.trim() == "guest_ok=y") {
            guests.push(name);
        }
    }
    sheet.note(
        "samba.guest_shares",
        guests,
        format!("{CONFIG}: guest ok, {USER_SHARES}"),
    );

    let global = shares.iter().filter(|share| share.name == "global");
    let written = global.rev().find_map(Share::min_protocol);
    match written.map(oldest_dialect) {
        Some(Some(dialect)) => {
            sheet.note(
                "samba.min_protocol",
                dialect,
                format!("{CONFIG}: server min protocol"),
            );
        }
        // A word that Samba would refuse too.
        Some(None) => {}
        // Since version 4.11, of 2019.
        None => sheet.note("samba.min_protocol", "SMB2", "smbd (valeur par défaut)"),
    }
}

/// A section, with what it sets, in order.
struct Share {
    name: String,
    settings: Vec<(String, String)>,
}

impl Share {
    fn get(&self, keys: &[&str]) -> Option<&str> {
        let last = self
            .settings
            .iter()
            .rev()
            .find(|(key, _)| keys.contains(&key.as_str()));
        last.map(|(_, value)| value.as_str())
    }

    fn opens_to_guests(&self) -> bool {
        let is_yes = |value: &str| matches!(value, "yes" | "true" | "1");
        let is_available = self.get(&["available"]).is_none_or(is_yes);
        is_available && self.get(&["guestok", "public"]).is_some_and(is_yes)
    }

    fn min_protocol(&self) -> Option<&str> {
        self.get(&["serverminprotocol", "minprotocol"])
    }
}

/// False when a file that counts cannot be read.
fn read(system: &System, path: &str, depth: usize, shares: &mut Vec<Share>) -> bool {
    let Ok(text) = system.read(path) else {
        // Samba goes on without an included file that is not there.
        return depth > 0 && !system.has(path);
    };
    for (_, line) in settings(&text) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            shares.push(Share {
                name: name.trim().to_lowercase(),
                settings: Vec::new(),
            });
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        // « guest ok », « GuestOk »: spaces and case do not count.
        let key = key.to_lowercase().replace(char::is_whitespace, "");
        let value = value.trim().to_lowercase();
        if key == "include" {
            // Names that depend on the client stay unknown.
            let file = line.split_once('=').map_or("", |(_, file)| file.trim());
            if depth >= MAX_DEPTH || file.contains('%') || !read(system, file, depth + 1, shares) {
                return false;
            }
            continue;
        }
        if let Some(share) = shares.last_mut() {
            share.settings.push((key, value));
        }
    }
    true
}

/// The name that the vocabulary of facts knows.
fn oldest_dialect(written: &str) -> Option<&'static str> {
    match written {
        "core" | "coreplus" => Some("CORE"),
        "lanman1" => Some("LANMAN1"),
        "lanman2" => Some("LANMAN2"),
        "nt1" => Some("NT1"),
        _ if written.starts_with("smb2") => Some("SMB2"),
        _ if written.starts_with("smb3") => Some("SMB3"),
        _ => None,
    }
}
