//! Properties of Outlook ([MS-OXCDATA] 2.11) as the lines of a head.

use std::collections::HashSet;

use encoding_rs::UTF_16LE;
use jiff::{Timestamp, ToSpan};

use super::labels::{self, Label};
use super::names::Names;
use crate::extract::chars::of_accents;
use crate::extract::mail;
use crate::extract::text::decode;

/// Longer texts are not read further, bodies apart.
pub(in crate::extract) const LONGEST_TEXT: u64 = 256 * 1024;

/// How a property that varies in length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Kind {
    /// UTF-16.
    Wide,
    /// In some code page.
    Narrow,
    Binary,
}

#[derive(Debug)]
pub(in crate::extract) struct Property {
    pub(in crate::extract) number: u16,
    pub(in crate::extract) value: Value,
}

#[derive(Debug)]
pub(in crate::extract) enum Value {
    Text(String),
    /// Units of 100 ns since 1601.
    Moment(i64),
    Number(u32),
}

impl Property {
    pub(in crate::extract) fn text(number: u16, kind: Kind, bytes: &[u8]) -> Self {
        let text = match kind {
            Kind::Wide => UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
            Kind::Narrow | Kind::Binary => decode(bytes, of_accents(bytes)),
        };
        let text = text.replace(|letter: char| letter.is_control() && letter != '\n', " ");
        Self {
            number,
            value: Value::Text(text.trim().to_owned()),
        }
    }

    /// One that has eight bytes or less, of the types of which some are read.
    pub(in crate::extract) fn fixed(number: u16, kind: u16, value: [u8; 8]) -> Option<Self> {
        const INTEGER: u16 = 0x0003;
        const TIME: u16 = 0x0040;
        let [a, b, c, d, ..] = value;
        let value = match kind {
            INTEGER => Value::Number(u32::from_le_bytes([a, b, c, d])),
            TIME => Value::Moment(i64::from_le_bytes(value)),
            _ => return None,
        };
        Some(Self { number, value })
    }
}

/// Which types are texts, one or many of them.
pub(in crate::extract) fn text_kind(kind: u16) -> Option<Kind> {
    match kind {
        0x001e | 0x101e => Some(Kind::Narrow),
        0x001f | 0x101f => Some(Kind::Wide),
        _ => None,
    }
}

/// Whether a type is a list.
pub(in crate::extract) fn is_many(kind: u16) -> bool {
    kind & 0x1000 != 0
}

pub(super) fn text_of(properties: &[Property], number: u16) -> Option<&str> {
    let mut same = properties.iter().filter(|known| known.number == number);
    let value = same.next().map(|property| &property.value)?;
    match value {
        Value::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Everything that an item says but its body, a line each; people first, as in a mail.
pub(super) fn lines(
    properties: &[Property],
    recipients: &[Vec<Property>],
    names: &Names,
) -> String {
    let mut lines = Lines::default();
    for (number, label) in labels::HEAD {
        for property in properties.iter().filter(|known| known.number == *number) {
            lines.property(label, property);
        }
    }
    for recipient in recipients {
        lines.recipient(recipient);
    }
    for property in properties {
        match labels::of(property.number, names) {
            Label::Shown(label) => lines.property(label, property),
            Label::OfNoUse => {}
        }
    }
    if let Some(header) = text_of(properties, labels::TRANSPORT_HEADER) {
        lines.transport(&mail::people(header));
    }
    lines.text
}

#[derive(Default)]
struct Lines {
    text: String,
    /// One name stands in several properties.
    said: HashSet<String>,
    labels: HashSet<String>,
}

impl Lines {
    fn property(&mut self, label: &str, property: &Property) {
        match &property.value {
            Value::Text(value) => self.value(label, value),
            Value::Moment(ticks) => {
                let is_day = labels::DAYS.contains(&property.number);
                if let Some(shown) = labels::is_moment(property.number)
                    .then(|| shown(*ticks, is_day))
                    .flatten()
                {
                    self.value(label, &shown);
                }
            }
            Value::Number(_) => {}
        }
    }

    fn value(&mut self, label: &str, value: &str) {
        // An address inside an organisation (X.500) names servers.
        let is_shown = !value.is_empty() && !value.starts_with("/O=") && !value.starts_with("/o=");
        if is_shown && self.said.insert(value.to_owned()) {
            self.labels.insert(label.to_owned());
            self.text.push_str(&format!("{label}: {value}\n"));
        }
    }

    /// What only the head that travelled says.
    fn transport(&mut self, people: &str) {
        for line in people.lines() {
            let label = line.split(':').next().unwrap_or_default();
            if !self.labels.contains(label) {
                self.text.push_str(line);
                self.text.push('\n');
            }
        }
    }

    /// Name and addresses on one line, as they stand in a mail.
    fn recipient(&mut self, properties: &[Property]) {
        const TYPE: u16 = 0x0c15;
        const WHO: [u16; 4] = [0x3001, 0x39fe, 0x3003, 0x5ff6];
        let kind = properties.iter().find_map(|property| match property.value {
            Value::Number(kind) if property.number == TYPE => Some(kind),
            _ => None,
        });
        let mut who: Vec<&str> = Vec::new();
        for text in WHO.iter().filter_map(|number| text_of(properties, *number)) {
            let is_server = text.starts_with("/O=") || text.starts_with("/o=");
            if !is_server && !who.contains(&text) {
                who.push(text);
            }
        }
        // Those of the head are names without addresses.
        if who.is_empty() || who.iter().all(|text| self.said.contains(*text)) {
            return;
        }
        let label = match kind {
            Some(2) => "cc",
            Some(3) => "bcc",
            _ => "to",
        };
        self.labels.insert(label.to_owned());
        self.text.push_str(&format!("{label}: {}\n", who.join(" ")));
        self.said.extend(who.into_iter().map(str::to_owned));
    }
}

/// A day, as a person writes it; with its hour, where it is one moment for all.
fn shown(ticks: i64, is_day: bool) -> Option<String> {
    const TICKS_A_SECOND: i64 = 10_000_000;
    const SECONDS_FROM_1601_TO_1970: i64 = 11_644_473_600;
    let moment = Timestamp::from_second(ticks / TICKS_A_SECOND - SECONDS_FROM_1601_TO_1970).ok()?;
    // A day is kept as its midnight in a zone that is not kept: it is the day whose middle comes next.
    let moment = if is_day {
        moment.checked_add(12.hours()).ok()?
    } else {
        moment
    };
    let format = if is_day { "%d/%m/%Y" } else { "%d/%m/%Y %H:%M" };
    Some(moment.strftime(format).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_is_a_day_in_every_zone() {
        // Midnight of the 7th of May 1985 in France, in Guadeloupe, in New Caledonia.
        for hours_east in [2, -4, 11] {
            let midnight: i64 = 484_272_000 - hours_east * 3600;
            let ticks = (midnight + 11_644_473_600) * 10_000_000;
            assert_eq!(shown(ticks, true).as_deref(), Some("07/05/1985"));
        }
    }
}
