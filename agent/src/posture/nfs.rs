//! Folders exported by NFS to anybody: `/etc/exports` and `/etc/exports.d`.

use super::{Sheet, settings};
use crate::platform::System;

const MAIN: &str = "/etc/exports";
const FOLDER: &str = "/etc/exports.d";

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    let mut paths = Vec::new();
    if system.has(MAIN) {
        paths.push(MAIN.to_owned());
    }
    if system.has(FOLDER) {
        let Ok(names) = system.list(FOLDER) else {
            return;
        };
        let exports = names.iter().filter(|name| name.ends_with(".exports"));
        paths.extend(exports.map(|name| format!("{FOLDER}/{name}")));
    }
    let texts: std::io::Result<Vec<String>> = paths.iter().map(|path| system.read(path)).collect();
    let Ok(texts) = texts else {
        return;
    };
    let world: Vec<String> = texts.iter().flat_map(|text| world_exports(text)).collect();
    sheet.note("nfs.world_exports", world, "/etc/exports, /etc/exports.d");
}

fn world_exports(exports: &str) -> Vec<String> {
    let exports = exports.replace("\\\n", " ");
    let mut folders = Vec::new();
    for (_, line) in settings(&exports) {
        let mut words = line.split_whitespace();
        let Some(folder) = words.next() else { continue };
        let mut clients = words.filter(|word| !word.starts_with('-')).peekable();
        // No client means every client; so does a space before the options.
        let to_all = clients.peek().is_none() || clients.any(is_everyone);
        if to_all {
            folders.push(folder.trim_matches('"').to_owned());
        }
    }
    folders
}

fn is_everyone(client: &str) -> bool {
    let name = client.split('(').next().unwrap_or_default();
    matches!(name, "" | "*" | "0.0.0.0/0" | "::/0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_may_be_written_in_several_ways() {
        let exports = "/srv/a *(rw)\n/srv/b 192.168.1.0/24(rw,sync) *.mairie.example(ro)\n\
                       /srv/c\n/srv/d 192.168.1.2 (rw)\n/srv/e 10.0.0.1(rw) \\\n  *(ro)\n# /srv/f *\n";
        assert_eq!(
            world_exports(exports),
            ["/srv/a", "/srv/c", "/srv/d", "/srv/e"]
        );
    }
}
