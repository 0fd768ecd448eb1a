//! From a text to the bytes of a file: the format's escapes, the line ends, the encoding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beffroi_towns::Dice;

use crate::encoding::Encoding;

/// The encodings that files of an extension come in.
pub(crate) fn usual_encodings(extension: &str) -> &'static [Encoding] {
    match extension {
        "eml" => &[Encoding::Utf8, Encoding::Windows1252, Encoding::Iso885915],
        "html" | "xml" => &[
            Encoding::Utf8,
            Encoding::Utf8,
            Encoding::Windows1252,
            Encoding::Iso885915,
            Encoding::Utf16LeBom,
        ],
        "json" => &[Encoding::Utf8, Encoding::Utf8Bom],
        _ => &Encoding::ALL,
    }
}

/// The name of the encoding in declarations.
pub(crate) fn charset(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => "utf-8",
        Encoding::Windows1252 => "windows-1252",
        Encoding::Iso885915 => "iso-8859-15",
        Encoding::Cp850 => "ibm850",
        Encoding::Utf16LeBom | Encoding::Utf16BeBom | Encoding::Utf16Le | Encoding::Utf16Be => {
            "utf-16"
        }
    }
}

/// A value as it is written between the marks of a format.
pub(crate) fn quoted(extension: &str, value: &str) -> String {
    match extension {
        "html" | "xml" => value.replace('&', "&amp;").replace('<', "&lt;"),
        "json" => value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n"),
        "sql" => value.replace('\'', "''"),
        _ => value.to_owned(),
    }
}

pub(crate) fn dressed(
    extension: &str,
    text: &str,
    encoding: Encoding,
    dice: &mut Dice,
) -> anyhow::Result<Vec<u8>> {
    match extension {
        "eml" => mail(text, encoding, dice),
        "html" => encoding.encode(&html_escapes(text, dice)),
        "json" => encoding.encode(&json_escapes(text, dice)),
        _ if encoding == Encoding::Utf8 && dice.chance(70) => encoding.encode(text),
        // What Windows writes.
        _ => encoding.encode(&text.replace('\n', "\r\n")),
    }
}

/// Letters as they are, by name, or by number: it depends on the editor.
fn html_escapes(text: &str, dice: &mut Dice) -> String {
    let by_name = dice.chance(50);
    let by_number = dice.chance(30);
    text.chars()
        .map(|c| match c {
            '\u{a0}' if by_number => "&#160;".to_owned(),
            '\u{a0}' => "&nbsp;".to_owned(),
            '\u{202f}' => "&#x202f;".to_owned(),
            'é' if by_name => "&eacute;".to_owned(),
            'è' if by_name => "&egrave;".to_owned(),
            'à' if by_name => "&agrave;".to_owned(),
            'ç' if by_name => "&ccedil;".to_owned(),
            '°' if by_name => "&deg;".to_owned(),
            c if !c.is_ascii() && by_number => format!("&#{};", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

fn json_escapes(text: &str, dice: &mut Dice) -> String {
    if dice.chance(50) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match c {
            // Every character of the templates is in the first plane.
            c if !c.is_ascii() => format!("\\u{:04x}", u32::from(c)),
            '/' => "\\/".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

fn mail(text: &str, encoding: Encoding, dice: &mut Dice) -> anyhow::Result<Vec<u8>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let subtype = if body.trim_start().starts_with('<') {
        "html"
    } else {
        "plain"
    };
    let charset = charset(encoding);
    let bytes = encoding.encode(&body.replace('\n', "\r\n"))?;
    let (transfer, bytes) = match dice.between(0, 2) {
        0 => ("quoted-printable", quoted_printable(&bytes)),
        1 => ("base64", folded(&STANDARD.encode(&bytes)).into_bytes()),
        _ => ("8bit", bytes),
    };
    let mut mail = String::new();
    for line in head.lines() {
        mail.push_str(&header(line));
        mail.push_str("\r\n");
    }
    mail.push_str(&format!(
        "MIME-Version: 1.0\r\nContent-Type: text/{subtype}; charset=\"{charset}\"\r\n\
         Content-Transfer-Encoding: {transfer}\r\n\r\n"
    ));
    let mut mail = mail.into_bytes();
    mail.extend(bytes);
    Ok(mail)
}

/// RFC 2047: runs of words with accents become one encoded word.
fn header(line: &str) -> String {
    let mut written: Vec<String> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let close = |run: &mut Vec<&str>, written: &mut Vec<String>| {
        if !run.is_empty() {
            written.push(format!("=?utf-8?B?{}?=", STANDARD.encode(run.join(" "))));
            run.clear();
        }
    };
    for word in line.split(' ') {
        if word.is_ascii() {
            close(&mut run, &mut written);
            written.push(word.to_owned());
        } else {
            run.push(word);
        }
    }
    close(&mut run, &mut written);
    written.join(" ")
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    const LONGEST_LINE: usize = 72;
    let mut written = String::new();
    let mut column = 0;
    for &byte in bytes {
        if column >= LONGEST_LINE && byte != b'\r' && byte != b'\n' {
            written.push_str("=\r\n");
            column = 0;
        }
        match byte {
            b'\n' => {
                written.push('\n');
                column = 0;
            }
            b'\r' => written.push('\r'),
            b' '..=b'~' if byte != b'=' => {
                written.push(char::from(byte));
                column += 1;
            }
            _ => {
                written.push_str(&format!("={byte:02X}"));
                column += 3;
            }
        }
    }
    written.into_bytes()
}

fn folded(text: &str) -> String {
    const LINE: usize = 76;
    let mut lines = String::new();
    for (rank, c) in text.chars().enumerate() {
        if rank > 0 && rank % LINE == 0 {
            lines.push_str("\r\n");
        }
        lines.push(c);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_folds_between_characters() {
        let written = String::from_utf8(quoted_printable("é=".repeat(40).as_bytes())).unwrap();
        assert!(written.starts_with("=C3=A9=3D=C3"));
        assert!(written.lines().all(|line| line.len() <= 76));
        assert_eq!(written.replace("=\r\n", ""), "=C3=A9=3D".repeat(40));
    }

    #[test]
    fn accents_in_headers_become_encoded_words() {
        assert_eq!(
            header("Subject: Bonne année à tous"),
            "Subject: Bonne =?utf-8?B?YW5uw6llIMOg?= tous"
        );
    }
}
