//! A property of a card or an event, as a person would write it: « Téléphone : 06 12 34 56 78 ».

use super::lines::Line;
use crate::extract::mail::body::decode_quoted;
use crate::extract::mail::header::in_charset;

/// What these properties hold, in French: the words that the detectors look for.
const LABELS: &[(&str, &str)] = &[
    ("FN", "Nom complet"),
    ("NICKNAME", "Surnom"),
    ("TEL", "Téléphone"),
    ("EMAIL", "Courriel"),
    ("IMPP", "Messagerie"),
    ("LABEL", "Adresse"),
    ("BDAY", "Date de naissance"),
    ("BIRTHPLACE", "Lieu de naissance"),
    ("DEATHDATE", "Date de décès"),
    ("ANNIVERSARY", "Anniversaire"),
    ("GENDER", "Sexe"),
    ("ORG", "Organisme"),
    ("TITLE", "Fonction"),
    ("ROLE", "Rôle"),
    ("RELATED", "Proche"),
    ("NOTE", "Note"),
    ("CATEGORIES", "Catégories"),
    ("URL", "Site"),
    ("GEO", "Position GPS"),
    ("SUMMARY", "Objet"),
    ("DESCRIPTION", "Description"),
    ("LOCATION", "Lieu"),
    ("COMMENT", "Commentaire"),
    ("CONTACT", "Contact"),
    ("ORGANIZER", "Organisateur"),
    ("ATTENDEE", "Participant"),
    ("DTSTART", "Début"),
    ("DTEND", "Fin"),
    ("DUE", "Échéance"),
    ("ATTACH", "Pièce jointe"),
];

/// Those that only programs read; identifiers look like addresses and are none.
const FOR_PROGRAMS: &[&str] = &[
    "UID",
    "PRODID",
    "VERSION",
    "REV",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "RRULE",
    "EXDATE",
    "RECURRENCE-ID",
    "CLASS",
    "PRIORITY",
    "STATUS",
    "TRANSP",
    "CALSCALE",
    "METHOD",
    "ACTION",
    "TRIGGER",
    "REPEAT",
    "DURATION",
    "MAILER",
    "SORT-STRING",
    "CLIENTPIDMAP",
    "TZ",
];

/// Parameters that name people.
const PERSONAL_PARAMETERS: [&str; 3] = ["CN", "EMAIL", "SENT-BY"];

/// The parts of N, in this order.
const NAME_PARTS: &[&str] = &["Nom", "Prénom", "Autres prénoms", "Civilité", "Suffixe"];

pub(super) struct Property<'l> {
    /// In capitals, without the group before it.
    pub(super) name: String,
    parameters: Vec<(String, String)>,
    pub(super) raw: &'l str,
}

impl<'l> Property<'l> {
    pub(super) fn of(line: &Line<'l>) -> Option<Self> {
        let mut parts = split_outside_quotes(line.head, ';').into_iter();
        let name = parts.next()?.trim().to_ascii_uppercase();
        let name = name.rsplit('.').next().unwrap_or_default().to_owned();
        let parameters = parts.map(|parameter| match parameter.split_once('=') {
            Some((key, value)) => {
                let value = value.trim().trim_matches('"').to_owned();
                (key.trim().to_ascii_uppercase(), value)
            }
            // vCard 2.1 leaves out the name of the parameter.
            None => (parameter.trim().to_ascii_uppercase(), String::new()),
        });
        Some(Self {
            parameters: parameters.collect(),
            name,
            raw: line.value,
        })
    }

    /// Whether the value is a file, written in letters.
    pub(super) fn is_base64(&self) -> bool {
        self.parameters
            .iter()
            .any(|(key, value)| match key.as_str() {
                "ENCODING" => {
                    value.eq_ignore_ascii_case("b") || value.eq_ignore_ascii_case("base64")
                }
                "BASE64" => true,
                _ => false,
            })
    }

    pub(super) fn file_name(&self) -> &'static str {
        match self.name.as_str() {
            "PHOTO" => "photo",
            "LOGO" => "logo",
            "SOUND" => "son",
            "KEY" => "clé",
            _ => "pièce jointe",
        }
    }

    /// Its line or lines; empty when it says nothing about anybody.
    pub(super) fn shown(&self) -> String {
        if FOR_PROGRAMS.contains(&self.name.as_str()) {
            return String::new();
        }
        let value = self.decoded();
        match self.name.as_str() {
            "N" => name_lines(&value),
            "ADR" => address_line(&value),
            _ => self.line(&value),
        }
    }

    fn line(&self, value: &str) -> String {
        let mut label = self.name.as_str();
        if let Some((_, shown)) = LABELS.iter().find(|(name, _)| *name == self.name) {
            label = shown;
        }
        let value = match self.name.as_str() {
            "BDAY" | "DEATHDATE" | "ANNIVERSARY" | "DTSTART" | "DTEND" | "DUE" => dated(value),
            "ORG" | "GEO" => parts(value).join(", "),
            "ORGANIZER" | "ATTENDEE" => without_scheme(value).to_owned(),
            _ => unescaped(value),
        };
        let mut line = format!("{label} : {value}");
        for (key, value) in &self.parameters {
            if PERSONAL_PARAMETERS.contains(&key.as_str()) {
                line.push_str(" ; ");
                line.push_str(without_scheme(value));
            }
        }
        line.push('\n');
        line
    }

    /// The value of vCard 2.1 may be quoted, in a character set of its own.
    fn decoded(&self) -> String {
        let is_quoted = self.parameters.iter().any(|(key, value)| {
            key == "QUOTED-PRINTABLE" || value.eq_ignore_ascii_case("QUOTED-PRINTABLE")
        });
        if !is_quoted {
            return self.raw.to_owned();
        }
        let mut charsets = self.parameters.iter().filter(|(key, _)| key == "CHARSET");
        let charset = charsets.next().map_or("utf-8", |(_, value)| value);
        let mut bytes = Vec::new();
        decode_quoted(self.raw.as_bytes(), &mut bytes);
        in_charset(charset, &bytes)
    }
}

fn name_lines(value: &str) -> String {
    let parts = parts(value);
    let named = NAME_PARTS.iter().zip(&parts);
    let given = named.filter(|(_, part)| !part.is_empty());
    given
        .map(|(label, part)| format!("{label} : {part}\n"))
        .collect()
}

/// RFC 6350, section 6.3.1: box, extended address, street, town, region, code, country; as on an envelope.
fn address_line(value: &str) -> String {
    let parts = parts(value);
    let part = |rank: usize| parts.get(rank).map_or("", String::as_str);
    let town = format!("{} {}", part(5), part(3));
    let lines = [part(0), part(1), part(2), town.trim(), part(4), part(6)];
    let given: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    if given.is_empty() {
        return String::new();
    }
    format!("Adresse : {}\n", given.join(", "))
}

fn without_scheme(address: &str) -> &str {
    match address.split_at_checked("mailto:".len()) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => address,
        _ => address,
    }
}

/// `19850507T090000Z` is 1985-05-07 09:00.
fn dated(value: &str) -> String {
    let is_compact =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let (day, time) = value.split_once('T').unwrap_or((value, ""));
    let day = match (day.get(..4), day.get(4..6), day.get(6..)) {
        (Some(year), Some(month), Some(rest)) if is_compact(day, 8) => {
            format!("{year}-{month}-{rest}")
        }
        _ => day.to_owned(),
    };
    match (time.get(..2), time.get(2..4), time.get(..6)) {
        (Some(hour), Some(minute), Some(digits)) if is_compact(digits, 6) => {
            format!("{day} {hour}:{minute}")
        }
        _ if time.is_empty() => day,
        _ => format!("{day} {time}"),
    }
}

/// Parts between semicolons that are not escaped.
fn parts(value: &str) -> Vec<String> {
    let mut is_escaped = false;
    let parts = value.split(|letter| {
        let separates = letter == ';' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        separates
    });
    parts.map(|part| unescaped(part.trim())).collect()
}

fn unescaped(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n' | 'N') => plain.push('\n'),
            Some(escaped @ (',' | ';' | ':' | '\\')) => plain.push(escaped),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn split_outside_quotes(head: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    head.split(|letter| {
        is_quoted ^= letter == '"';
        letter == separator && !is_quoted
    })
    .collect()
}
