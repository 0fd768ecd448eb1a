//! The registry of Windows: that of the machine we run on, or one that `reg export` wrote for a test. Read only.
//!
//! Keys are written as `reg` does: `HKLM\SOFTWARE\…`, `HKU\<account>\…`. Case does not count.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(windows)]
use super::own::registry as live;

#[derive(Debug)]
pub struct Registry(Source);

#[derive(Debug)]
enum Source {
    #[cfg(windows)]
    Live,
    /// Of a system without a registry, empty.
    Exported(Exported),
}

#[derive(Debug, Default)]
struct Exported {
    /// Keys folded.
    keys: BTreeMap<String, Key>,
}

#[derive(Debug, Default)]
struct Key {
    /// Names folded.
    values: BTreeMap<String, Value>,
    /// As they are written.
    below: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Text(String),
    Number(u32),
}

impl Registry {
    pub(super) fn of_this_machine() -> Self {
        #[cfg(windows)]
        return Self(Source::Live);
        #[cfg(not(windows))]
        Self(Source::Exported(Exported::default()))
    }

    /// What `reg export` wrote, as UTF-8; several exports may follow one another.
    pub(super) fn exported(text: &str) -> Self {
        Self(Source::Exported(Exported::parse(text)))
    }

    pub fn text(&self, key: &str, name: &str) -> Option<String> {
        let text = match &self.0 {
            #[cfg(windows)]
            Source::Live => live::text(key, name),
            Source::Exported(exported) => match exported.value(key, name)? {
                Value::Text(text) => Some(text.clone()),
                Value::Number(_) => None,
            },
        };
        text.map(|text| text.trim().to_owned())
    }

    pub fn number(&self, key: &str, name: &str) -> Option<u32> {
        match &self.0 {
            #[cfg(windows)]
            Source::Live => live::number(key, name),
            Source::Exported(exported) => match exported.value(key, name)? {
                Value::Number(number) => Some(*number),
                Value::Text(_) => None,
            },
        }
    }

    /// The names of the keys below, sorted; none when the key is not there.
    pub fn keys(&self, key: &str) -> Vec<String> {
        match &self.0 {
            #[cfg(windows)]
            Source::Live => live::keys(key),
            Source::Exported(exported) => {
                let key = exported.keys.get(&key.to_lowercase());
                key.map_or_else(Vec::new, |key| key.below.iter().cloned().collect())
            }
        }
    }

    pub fn has(&self, key: &str) -> bool {
        match &self.0 {
            #[cfg(windows)]
            Source::Live => live::has(key),
            Source::Exported(exported) => exported.keys.contains_key(&key.to_lowercase()),
        }
    }
}

impl Exported {
    /// "Windows Registry Editor Version 5.00": a key in brackets, a value a line. Kinds that nobody asks for are left out.
    fn parse(text: &str) -> Self {
        const ROOTS: [(&str, &str); 2] = [("HKEY_LOCAL_MACHINE", "HKLM"), ("HKEY_USERS", "HKU")];
        let mut exported = Self::default();
        let mut current = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(key) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                let root = ROOTS
                    .iter()
                    .find_map(|(long, short)| Some(format!("{short}{}", key.strip_prefix(long)?)));
                current = root.unwrap_or_else(|| key.to_owned());
                exported.add_key(&current);
            } else if let Some((name, value)) = value(line) {
                let key = exported.keys.entry(current.to_lowercase()).or_default();
                key.values.insert(name.to_lowercase(), value);
            }
        }
        exported
    }

    fn add_key(&mut self, key: &str) {
        self.keys.entry(key.to_lowercase()).or_default();
        let mut rest = key;
        while let Some((above, name)) = rest.rsplit_once('\\') {
            let above_key = self.keys.entry(above.to_lowercase()).or_default();
            above_key.below.insert(name.to_owned());
            rest = above;
        }
    }

    fn value(&self, key: &str, name: &str) -> Option<&Value> {
        let key = self.keys.get(&key.to_lowercase())?;
        key.values.get(&name.to_lowercase())
    }
}

/// `"Name"="text"` and `"Name"=dword:0000000f`.
fn value(line: &str) -> Option<(String, Value)> {
    let (name, rest) = quoted(line)?;
    let rest = rest.strip_prefix('=')?;
    if let Some(number) = rest.strip_prefix("dword:") {
        return Some((name, Value::Number(u32::from_str_radix(number, 16).ok()?)));
    }
    let (text, _) = quoted(rest)?;
    Some((name, Value::Text(text)))
}

/// A text in quotation marks, `\` before those that it holds, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut letters = text.strip_prefix('"')?.char_indices();
    let mut value = String::new();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 2..)?)),
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Éditeur]
"Chemin"="C:\\Program Files\\\"A\""
"Nombre"=dword:0000004b
@="défaut"
"Octets"=hex:01,\
  02

[HKEY_USERS\S-1-5-21-1\Software\A]
"#;

    #[test]
    fn an_export_is_read_whatever_the_case() {
        let registry = Registry::exported(EXPORT);
        let key = r"hklm\Software\ÉDITEUR";
        assert_eq!(
            registry.text(key, "chemin").as_deref(),
            Some(r#"C:\Program Files\"A""#)
        );
        assert_eq!(registry.number(key, "Nombre"), Some(75));
        assert_eq!(registry.number(key, "Chemin"), None);
        assert_eq!(registry.text(key, "Octets"), None);
        assert_eq!(registry.keys("HKU"), ["S-1-5-21-1"]);
        assert!(registry.has(r"HKU\S-1-5-21-1\Software"));
        assert!(!registry.has(r"HKLM\SYSTEM"));
        assert!(registry.keys(r"HKLM\SYSTEM").is_empty());
    }
}
