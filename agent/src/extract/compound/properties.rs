//! Who wrote the document and what they said of it: the property sets of [MS-OLEPS].

use std::io;

use super::Storage;
use crate::extract::bytes::{of_utf16, of_windows, read_up_to, size_at, u16_at, u32_at};
use crate::extract::reading::Reading;

/// Properties are read from so many bytes; thumbnails make the streams larger.
const MOST_BYTES: u64 = 1024 * 1024;
const MOST_PROPERTIES: usize = 256;

const VT_LPSTR: u32 = 0x1e;
const VT_LPWSTR: u32 = 0x1f;
/// The code page of UTF-8.
const UTF_8: u16 = 65001;

/// Stream, number of the property ([MS-OLEPS] 3.1), and its label in Word.
const PROPERTIES: &[(&str, u32, &str)] = &[
    (SUMMARY, 2, "Titre"),
    (SUMMARY, 3, "Objet"),
    (SUMMARY, 4, "Auteur"),
    (SUMMARY, 5, "Mots clés"),
    (SUMMARY, 6, "Commentaires"),
    (SUMMARY, 8, "Dernière modification par"),
    (DOCUMENT, 2, "Catégorie"),
    (DOCUMENT, 14, "Responsable"),
    (DOCUMENT, 15, "Société"),
];
const SUMMARY: &str = "\u{5}SummaryInformation";
const DOCUMENT: &str = "\u{5}DocumentSummaryInformation";

pub(super) fn extract(storage: &mut Storage<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    let mut lines = String::new();
    for name in [SUMMARY, DOCUMENT] {
        let Ok(mut stream) = storage.stream(name) else {
            continue;
        };
        let bytes = match read_up_to(&mut stream, MOST_BYTES) {
            Err(error) if reading.is_over() => return Err(error),
            bytes => bytes.unwrap_or_default(),
        };
        for (number, value) in set(&bytes).unwrap_or_default() {
            let mut known = PROPERTIES.iter();
            let known = known.find(|(stream, known, _)| (*stream, *known) == (name, number));
            if let Some((_, _, label)) = known.filter(|_| !value.trim().is_empty()) {
                lines.push_str(&format!("{label} : {}\n", value.trim()));
            }
        }
    }
    if !lines.is_empty() {
        reading.receiver.begin_text(Some("propriétés du document"));
        reading.receiver.text(&lines);
    }
    Ok(())
}

/// The texts of the first set.
fn set(bytes: &[u8]) -> Option<Vec<(u32, String)>> {
    // Header of 28 bytes, then the identity of the first set and its place.
    let set = bytes.get(size_at(bytes, 44)?..)?;
    let count = size_at(set, 4)?.min(MOST_PROPERTIES);
    let entries: Vec<(u32, usize)> = (0..count)
        .map_while(|rank| Some((u32_at(set, 8 + 8 * rank)?, size_at(set, 12 + 8 * rank)?)))
        .collect();
    let code_page = entries
        .iter()
        .find(|(number, _)| *number == 1)
        .and_then(|(_, at)| u16_at(set, at + 4));
    let texts = entries
        .iter()
        .filter_map(|(number, at)| Some((*number, text(set.get(*at..)?, code_page)?)));
    Some(texts.collect())
}

fn text(property: &[u8], code_page: Option<u16>) -> Option<String> {
    let length = size_at(property, 4)?;
    let value = property.get(8..)?;
    let text = match u32_at(property, 0)? {
        VT_LPSTR if code_page == Some(UTF_8) => {
            String::from_utf8_lossy(value.get(..length)?).into_owned()
        }
        VT_LPSTR => of_windows(value.get(..length)?),
        VT_LPWSTR => of_utf16(value.get(..length.checked_mul(2)?)?),
        _ => return None,
    };
    Some(text.trim_end_matches('\0').to_owned())
}
