//! Every form in which a planted value could leave a machine, for tests that search captured bytes.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::manifest::Manifest;
use crate::mark::Kind;
use crate::numbers::{
    FOURS, NIR_GROUPS, PAIRS, PLATE_GROUPS, RIB_GROUPS, SIREN_GROUPS, SIRET_GROUPS, SPI_GROUPS,
    Sep, grouped,
};

/// Bytes to search for. The value is for the message of a failing test on invented data, nowhere else.
#[derive(Debug, Clone)]
pub struct Needle {
    pub kind: Kind,
    pub value: String,
    pub bytes: Vec<u8>,
}

/// One needle for each written form of each planted value.
pub fn needles(manifest: &Manifest) -> Vec<Needle> {
    let as_written: BTreeSet<(Kind, String, String)> = manifest
        .files
        .iter()
        .flat_map(|file| &file.planted)
        .map(|planted| (planted.kind, planted.value.clone(), planted.written.clone()))
        .collect();

    let mut needles = Vec::new();
    for (kind, value) in manifest.planted_values() {
        if kind == Kind::BirthDate && !tells_a_birth(&value) {
            continue;
        }
        let mut texts = texts(kind, &value);
        let from = (kind, value.clone(), String::new());
        let same = as_written
            .range(from..)
            .take_while(|(k, v, _)| (*k, v) == (kind, &value));
        texts.extend(same.map(|(_, _, written)| written.clone()));
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

/// A value in each grouping that its kind is written in.
fn texts(kind: Kind, value: &str) -> BTreeSet<String> {
    let groups = match kind {
        Kind::Nir => NIR_GROUPS,
        Kind::Iban | Kind::PaymentCard => FOURS,
        Kind::Rib => RIB_GROUPS,
        Kind::Phone => PAIRS,
        Kind::Siret => SIRET_GROUPS,
        Kind::Siren => SIREN_GROUPS,
        Kind::Spi => SPI_GROUPS,
        Kind::Plate => PLATE_GROUPS,
        Kind::Email | Kind::BirthDate => return BTreeSet::from([value.to_owned()]),
    };
    Sep::ALL
        .into_iter()
        .map(|sep| grouped(value, groups, sep))
        .collect()
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
