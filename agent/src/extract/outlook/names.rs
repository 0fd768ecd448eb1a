//! Properties from 0x8000 on: each file numbers them its own way, and keeps what they are ([MS-OXMSG] 2.2.3, [MS-PST] 2.4.7).

use std::collections::HashMap;

use encoding_rs::UTF_16LE;

/// From this number on.
pub(super) const FIRST: u16 = 0x8000;
/// An entry: what it is, whose it is and whether it has a name, its rank among the numbers.
const ENTRY: usize = 8;
const LONGEST_NAME: usize = 1024;

/// What a property is, whatever its number in this file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// A number of Outlook's own.
    Known(u32),
    /// A field that somebody added.
    Given(String),
}

#[derive(Debug, Default)]
pub(in crate::extract) struct Names(HashMap<u16, Name>);

impl Names {
    pub(in crate::extract) fn of(entries: &[u8], texts: &[u8]) -> Self {
        let (entries, _) = entries.as_chunks::<ENTRY>();
        let named = entries.iter().filter_map(|entry| {
            let [a, b, c, d, e, _, g, h] = *entry;
            let what = u32::from_le_bytes([a, b, c, d]);
            let number = u16::from_le_bytes([g, h]).checked_add(FIRST)?;
            let has_name = e & 1 == 1;
            let name = if has_name {
                Name::Given(given(texts, what)?)
            } else {
                Name::Known(what)
            };
            Some((number, name))
        });
        Self(named.collect())
    }

    /// A number for a property that comes with its name.
    pub(super) fn number(&mut self, name: Name) -> u16 {
        let number = u16::try_from(self.0.len()).ok();
        let number = number.and_then(|rank| FIRST.checked_add(rank));
        let number = number.unwrap_or(u16::MAX);
        self.0.insert(number, name);
        number
    }

    pub(super) fn get(&self, number: u16) -> Option<&Name> {
        self.0.get(&number)
    }
}

/// A name among the texts: its length in bytes, then its letters.
fn given(texts: &[u8], at: u32) -> Option<String> {
    let text = texts.get(usize::try_from(at).ok()?..)?;
    let (length, text) = text.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let letters = text.get(..length.min(LONGEST_NAME))?;
    let (name, _) = UTF_16LE.decode_without_bom_handling(letters);
    Some(name.trim_matches('\0').to_owned())
}
