//! Every form in which a planted value could leave a machine, for tests that search captured bytes.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::manifest::Manifest;
use crate::mark::Kind;
use crate::numbers::{
    FOURS, NIR_GROUPS, PLATE_GROUPS, RIB_GROUPS, SIREN_GROUPS, SIRET_GROUPS, SPI_GROUPS, Sep,
    grouped,
};

/// Searches captured bytes for all that was planted in a town.
pub struct LeakSearch {
    needles: Vec<Needle>,
    automaton: AhoCorasick,
}

/// Bytes to search for. The value is for the message of a failing test on invented data, nowhere else.
#[derive(Debug, Clone)]
pub struct Needle {
    pub kind: Kind,
    pub value: String,
    pub bytes: Vec<u8>,
}

impl LeakSearch {
    pub fn new(manifest: &Manifest) -> anyhow::Result<Self> {
        let needles = needles(manifest);
        let automaton = AhoCorasick::new(needles.iter().map(|needle| &needle.bytes))
            .context("failed to build the search for planted values")?;
        Ok(Self { needles, automaton })
    }

    /// What was found, in the order of the capture; empty when nothing leaked.
    pub fn leaks_in(&self, captured: &[u8]) -> Vec<&Needle> {
        let matches = self.automaton.find_iter(captured);
        matches
            .filter_map(|found| self.needles.get(found.pattern().as_usize()))
            .collect()
    }
}

/// One needle for each written form of each planted value.
fn needles(manifest: &Manifest) -> Vec<Needle> {
    let mut texts: BTreeMap<(Kind, String), BTreeSet<String>> = BTreeMap::new();
    for (kind, value) in manifest.planted_values() {
        if kind != Kind::BirthDate || tells_a_birth(&value) {
            let groupings = groupings(kind, &value);
            texts.insert((kind, value), groupings);
        }
    }
    for planted in manifest.files.iter().flat_map(|file| &file.planted) {
        if let Some(texts) = texts.get_mut(&(planted.kind, planted.value.clone())) {
            texts.insert(planted.written.clone());
        }
    }

    let mut needles = Vec::new();
    for ((kind, value), texts) in texts {
        let forms: BTreeSet<Vec<u8>> = texts.iter().flat_map(|text| written_forms(text)).collect();
        needles.extend(forms.into_iter().map(|bytes| Needle {
            kind,
            value: value.clone(),
            bytes,
        }));
    }
    needles
}

/// A day after 1970 may also be that of a file or of a program; one before is a birth.
fn tells_a_birth(iso: &str) -> bool {
    iso < "1970"
}

/// A value in each grouping that its kind is written in, and what of it would already be too much.
fn groupings(kind: Kind, value: &str) -> BTreeSet<String> {
    let in_groups = |text: &str, groups| Sep::ALL.map(|sep| grouped(text, groups, sep));
    match kind {
        Kind::Email | Kind::BirthDate | Kind::Rna => BTreeSet::from([value.to_owned()]),
        // The key adds nothing to a NIR.
        Kind::Nir => in_groups(value.get(..13).unwrap_or(value), NIR_GROUPS).into(),
        Kind::Iban => {
            let mut texts = BTreeSet::from(in_groups(value, FOURS));
            if let Some(rib) = value.strip_prefix("FR").and_then(|rest| rest.get(2..)) {
                texts.extend(in_groups(rib, RIB_GROUPS));
            }
            texts
        }
        // Nine digits are in every way of calling: 06…, +33 6…, 0033 6…
        Kind::Phone => in_groups(value.trim_start_matches('0'), &[1, 2]).into(),
        Kind::Rib => in_groups(value, RIB_GROUPS).into(),
        Kind::PaymentCard => in_groups(value, FOURS).into(),
        Kind::Siret => in_groups(value, SIRET_GROUPS).into(),
        Kind::Siren => in_groups(value, SIREN_GROUPS).into(),
        Kind::Spi => in_groups(value, SPI_GROUPS).into(),
        Kind::Plate => in_groups(value, PLATE_GROUPS).into(),
    }
}

/// One text as bytes: UTF-8, UTF-16 both ways, Windows-1252 spaces, base64 at its three alignments, hexadecimal,
/// percent-encoded.
pub fn written_forms(text: &str) -> BTreeSet<Vec<u8>> {
    let utf8 = text.as_bytes();
    let mut forms = BTreeSet::from([
        utf8.to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        hex::encode(utf8).into_bytes(),
        hex::encode_upper(utf8).into_bytes(),
        percent_encoded(text).into_bytes(),
    ]);
    for alignment in 0..3 {
        forms.insert(base64_inside(&STANDARD_NO_PAD, utf8, alignment));
        forms.insert(base64_inside(&URL_SAFE_NO_PAD, utf8, alignment));
    }
    forms
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The base64 characters that depend on `bytes` alone when `alignment` unknown bytes stand before them.
fn base64_inside(engine: &impl Engine, bytes: &[u8], alignment: usize) -> Vec<u8> {
    let encoded = engine.encode([&vec![0; alignment], bytes].concat());
    let first = (alignment * 8).div_ceil(6);
    let last = (alignment + bytes.len()) * 8 / 6;
    encoded
        .as_bytes()
        .get(first..last)
        .unwrap_or_default()
        .to_vec()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn base64_is_found_wherever_the_value_starts() {
        let secret = "185057800608436";
        let forms = written_forms(secret);

        for before in ["", "a", "ab", "abc", "{\"nir\":\""] {
            let captured = STANDARD.encode(format!("{before}{secret}\"}}"));
            assert!(
                forms.iter().any(|form| captured
                    .as_bytes()
                    .windows(form.len())
                    .any(|window| window == form)),
                "not found in {captured}"
            );
        }
    }

    #[test]
    fn a_spaced_number_is_also_searched_percent_encoded() {
        assert!(written_forms("06 39 98 12 34").contains(b"06%2039%2098%2012%2034".as_slice()));
    }
}
