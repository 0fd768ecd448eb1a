//! The header of a mail or of one of its parts.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::body::{Transfer, decode_escaped, decode_quoted};
use super::lines::Lines;
use crate::extract::chars;
use crate::extract::text::decode;

/// Longer headers are not read further; mailing lists reach a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;

/// Fields that name people or say what the mail is about. The others hold the identifiers of machines, which look like
/// addresses and are none.
const ABOUT_PEOPLE: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "return-path",
    "delivered-to",
    "resent-from",
    "resent-to",
    "subject",
    "date",
    "organization",
    "comments",
    "keywords",
    "disposition-notification-to",
    "x-original-to",
];

/// Bit of `X-Mozilla-Status`: the message was deleted, and is left out once the folder is compacted.
const MOZILLA_EXPUNGED: u32 = 0x0008;

/// Texts that have a format of their own.
const FORMATTED_TEXTS: &[&str] = &[
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
    "text/csv",
    "text/rtf",
];

/// Fields by lower-case name, in their order.
pub(super) struct Header(Vec<(String, String)>);

/// What a part holds and how it is written.
#[derive(Debug, Default)]
pub(super) struct Content {
    media_type: String,
    is_attached: bool,
    pub(super) is_message: bool,
    pub(super) charset: Option<&'static encoding_rs::Encoding>,
    pub(super) boundary: Option<String>,
    pub(super) name: Option<String>,
    pub(super) transfer: Transfer,
}

impl Header {
    /// Reads up to the blank line.
    pub(super) fn read(lines: &mut Lines<'_>) -> io::Result<Self> {
        let mut raw = Vec::new();
        while let Some(line) = lines.next()? {
            if line.trim_ascii().is_empty() {
                break;
            }
            if raw.len() < MAX_BYTES {
                raw.extend_from_slice(line);
            }
        }
        let encoding = chars::guess(&raw).map_or(chars::Encoding::Utf8, |(encoding, _)| encoding);
        Ok(Self::parse(&decode(&raw, encoding)))
    }

    pub(super) fn parse(raw: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in raw.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                continue;
            }
            if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The fields about people, a line each.
    pub(super) fn people(&self) -> String {
        let about = self
            .0
            .iter()
            .filter(|(name, _)| ABOUT_PEOPLE.contains(&name.as_str()));
        about
            .map(|(name, value)| format!("{name}: {}\n", decode_words(value)))
            .collect()
    }

    /// Whether Thunderbird shows this message no more.
    pub(super) fn is_deleted(&self) -> bool {
        self.get("x-mozilla-status")
            .and_then(|flags| u32::from_str_radix(flags, 16).ok())
            .is_some_and(|flags| flags & MOZILLA_EXPUNGED != 0)
    }

    pub(super) fn content(&self) -> Content {
        let content_type = self.get("content-type").unwrap_or("text/plain");
        let disposition = self.get("content-disposition").unwrap_or_default();
        let media_type = first_word(content_type);
        let transfer = self.get("content-transfer-encoding").map(first_word);
        let name = parameter(disposition, "filename").or_else(|| parameter(content_type, "name"));
        let is_attached = first_word(disposition) == "attachment";
        Content {
            is_message: media_type == "message/rfc822" && !is_attached,
            is_attached,
            charset: parameter(content_type, "charset").and_then(|label| charset(&label)),
            boundary: parameter(content_type, "boundary")
                .filter(|boundary| media_type.starts_with("multipart/") && !boundary.is_empty()),
            name: name.map(|name| name.replace(char::is_control, "")),
            transfer: match transfer.as_deref() {
                Some("base64") => Transfer::Base64,
                Some("quoted-printable") => Transfer::QuotedPrintable,
                _ => Transfer::Plain,
            },
            media_type,
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(field, _)| field == name);
        named.next().map(|(_, value)| value.as_str())
    }
}

impl Content {
    /// A body to read as part of the mail.
    pub(super) fn is_text(&self) -> bool {
        !self.is_attached
            && self.name.is_none()
            && self.media_type.starts_with("text/")
            && !FORMATTED_TEXTS.contains(&self.media_type.as_str())
    }

    pub(super) fn is_html(&self) -> bool {
        self.media_type == "text/html"
    }
}

/// ASCII says nothing of the accents that are there all the same.
fn charset(label: &str) -> Option<&'static encoding_rs::Encoding> {
    if label.eq_ignore_ascii_case("us-ascii") {
        return None;
    }
    encoding_rs::Encoding::for_label(label.as_bytes())
}

fn first_word(value: &str) -> String {
    let word = value.split(';').next().unwrap_or_default();
    word.trim().to_ascii_lowercase()
}

/// `name="paie.csv"`, `name*=utf-8''paie%20f%C3%A9vrier.csv`, or that in pieces (RFC 2231, section 4).
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut plain = None;
    let mut pieces = Vec::new();
    for (key, value) in split_parameters(value) {
        match key.strip_prefix(name) {
            Some("") if plain.is_none() => plain = Some(value),
            Some(rest) => pieces.extend(Piece::of(rest, value)),
            None => {}
        }
    }
    if pieces.is_empty() {
        return plain.map(|plain| decode_words(&plain));
    }
    pieces.sort_by_key(|piece| piece.rank);
    Some(decode_pieces(&pieces))
}

/// A part of a value, or all of it.
struct Piece {
    rank: u32,
    is_encoded: bool,
    value: String,
}

impl Piece {
    /// Its name ends with `*`, `*0` or `*0*`.
    fn of(ending: &str, value: String) -> Option<Self> {
        let rest = ending.strip_prefix('*')?;
        let digits = rest.strip_suffix('*').unwrap_or(rest);
        Some(Self {
            rank: if digits.is_empty() {
                0
            } else {
                digits.parse().ok()?
            },
            is_encoded: digits.is_empty() || digits.len() < rest.len(),
            value,
        })
    }
}

/// The first piece names the character set and the language: `utf-8'fr'`.
fn decode_pieces(pieces: &[Piece]) -> String {
    let mut label = None;
    let mut bytes = Vec::new();
    for piece in pieces {
        if !piece.is_encoded {
            bytes.extend_from_slice(piece.value.as_bytes());
            continue;
        }
        let mut parts = piece.value.splitn(3, '\'');
        let encoded = match (label, parts.next(), parts.next(), parts.next()) {
            (None, Some(charset), Some(_), Some(encoded)) => {
                label = Some(charset);
                encoded
            }
            _ => piece.value.as_str(),
        };
        decode_escaped(encoded.as_bytes(), b'%', &mut bytes);
    }
    in_charset(label.unwrap_or_default(), &bytes)
}

fn split_parameters(value: &str) -> impl Iterator<Item = (String, String)> {
    let mut quoted = false;
    value
        .split(move |letter: char| {
            quoted ^= letter == '"';
            letter == ';' && !quoted
        })
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .map(|(key, value)| {
            let value = value.trim().trim_matches('"').replace("\\\"", "\"");
            (key.trim().to_ascii_lowercase(), value)
        })
}

/// Decodes `=?utf-8?Q?=C3=A9t=C3=A9?=` wherever it stands.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, from_word) = rest.split_at(start);
        let Some((word, after)) = encoded_word(from_word) else {
            decoded.push_str(before);
            decoded.push_str("=?");
            rest = from_word.get(2..).unwrap_or_default();
            after_word = false;
            continue;
        };
        // The space between two encoded words is not part of the text.
        if !(after_word && before.trim().is_empty()) {
            decoded.push_str(before);
        }
        decoded.push_str(&word);
        rest = after;
        after_word = true;
    }
    decoded.push_str(rest);
    decoded
}

/// The text of the encoded word at the start of `value`, and what follows it.
fn encoded_word(value: &str) -> Option<(String, &str)> {
    let (label, rest) = value.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (encoded, rest) = rest.split_once("?=")?;
    let bytes = match encoding {
        "B" | "b" => STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?,
        "Q" | "q" => {
            let mut bytes = Vec::new();
            decode_quoted(encoded.replace('_', " ").as_bytes(), &mut bytes);
            bytes
        }
        _ => return None,
    };
    Some((in_charset(label, &bytes), rest))
}

pub(in crate::extract) fn in_charset(label: &str, bytes: &[u8]) -> String {
    let encoding = charset(label).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_words_of_subjects_and_names() {
        assert_eq!(
            decode_words("=?utf-8?Q?R=C3=A9union_?= =?iso-8859-1?B?6XRl?= lundi"),
            "Réunion éte lundi"
        );
        assert_eq!(decode_words("1 =? 2"), "1 =? 2");
    }

    #[test]
    fn finds_the_name_however_written() {
        let name = |value| parameter(value, "filename");
        assert_eq!(
            name("attachment; filename=\"paie; avril.csv\"").as_deref(),
            Some("paie; avril.csv")
        );
        assert_eq!(
            name("attachment; filename*=utf-8''%C3%A9tat.csv").as_deref(),
            Some("état.csv")
        );
        assert_eq!(
            name("attachment; filename*1*=vril%20; filename*2=\"4%20.csv\"; filename*0*=iso-8859-1'fr'%E9tat%20a").as_deref(),
            Some("état avril 4%20.csv")
        );
        assert_eq!(name("inline").as_deref(), None);
    }

    #[test]
    fn folded_fields_are_one() {
        let header = Header::parse("To: a@b.fr,\r\n c@d.fr\r\nMessage-ID: <x@y>\r\n");
        assert_eq!(header.people(), "to: a@b.fr, c@d.fr\n");
    }
}
