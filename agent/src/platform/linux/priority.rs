//! Leaving the machine to the people who work on it.

/// The lowest priority for the calling thread, processor and disk alike: the kernel derives the one from the other as
/// long as nobody sets it apart.
pub fn lower_priority() {
    const LOWEST: i32 = 19;
    // A refusal costs comfort, not the scan.
    let _ = rustix::process::setpriority_process(None, LOWEST);
}

/// Whether the machine works without mains. One that has no battery never does.
pub fn is_on_battery() -> bool {
    is_discharging(std::path::Path::new("/sys/class/power_supply"))
}

/// Supplies as the kernel shows them: a folder each, one word a file. Batteries of mice and keyboards are no supplies of the
/// machine.
fn is_discharging(supplies: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(supplies) else {
        return false;
    };
    let mut has_battery = false;
    for entry in entries.flatten() {
        let word = |name: &str| {
            let word = std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            word.trim().to_owned()
        };
        match word("type").as_str() {
            "Mains" | "USB" if word("online") == "1" => return false,
            "Battery" if word("scope") != "Device" => {
                has_battery |= word("status") == "Discharging";
            }
            _ => (),
        }
    }
    has_battery
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn mains_tell_more_than_batteries() {
        let folder = tempfile::tempdir().unwrap();
        let supply = |name: &str, words: &[(&str, &str)]| {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            for (file, word) in words {
                fs::write(path.join(file), format!("{word}\n")).unwrap();
            }
        };
        assert!(!is_discharging(folder.path()));
        supply(
            "mouse",
            &[
                ("type", "Battery"),
                ("scope", "Device"),
                ("status", "Discharging"),
            ],
        );
        assert!(!is_discharging(folder.path()));
        supply("BAT0", &[("type", "Battery"), ("status", "Discharging")]);
        assert!(is_discharging(folder.path()));
        supply("AC", &[("type", "Mains"), ("online", "1")]);
        assert!(!is_discharging(folder.path()));
        supply("AC", &[("online", "0")]);
        assert!(is_discharging(folder.path()));
    }
}
