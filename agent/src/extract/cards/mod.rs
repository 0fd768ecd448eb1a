//! Address books and calendars: vCard (RFC 6350, and 2.1 of old phones and Outlook) and iCalendar (RFC 5545).
//!
//! In: the characters of a file. Out: one running text a card, event or task (« fiche 12 », « événement 3 »), a line a
//! property, under the words that a person would write before it; photos and attached files are members.
//!
//! Our own reader: the crates that exist keep a whole calendar in memory as objects, and refuse what old programs write
//! (quoted-printable, lines that are not folded).

mod lines;
mod properties;

use std::io;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use self::lines::{Line, Lines};
use self::properties::Property;
use super::Coverage;
use super::limits::Limit;
use super::reading::Reading;
use super::text::Text;

/// The objects of a file that hold something, and their names in French; in vCard 4.0 and iCalendar alike, what is
/// inside them (alarms) is theirs.
const OBJECTS: [(&str, &str); 5] = [
    ("VCARD", "fiche"),
    ("VEVENT", "événement"),
    ("VTODO", "tâche"),
    ("VJOURNAL", "note"),
    ("VFREEBUSY", "disponibilité"),
];

/// Padding is often wrong or missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The media type of a text that begins so.
pub(super) fn media_type(start: &str) -> Option<&'static str> {
    let begins = |object: &str| {
        let start = start.get(..object.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(object))
    };
    if begins("BEGIN:VCARD") {
        return Some("text/vcard");
    }
    begins("BEGIN:VCALENDAR").then_some("text/calendar")
}

pub(super) fn extract(mut text: Text<'_>, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let mut objects = Objects::default();
    let mut lines = Lines::default();
    while let Some(chunk) = text.next_chunk()? {
        lines.read(chunk, &mut |line| objects.line(&line, reading))?;
    }
    lines.finish(&mut |line| objects.line(&line, reading))?;
    if lines.was_cut() {
        return Ok(Coverage::Limited(Limit::Held));
    }
    Ok(if objects.open.is_some() {
        Coverage::Damaged
    } else {
        Coverage::Whole
    })
}

/// What was met so far.
#[derive(Default)]
struct Objects {
    /// How many of each sort.
    counts: [u64; OBJECTS.len()],
    /// The one being read.
    open: Option<Open>,
    /// The text begun last belongs to something else.
    is_interrupted: bool,
}

struct Open {
    name: &'static str,
    place: String,
    files: u64,
}

impl Objects {
    fn line(&mut self, line: &Line<'_>, reading: &mut Reading<'_>) -> io::Result<()> {
        let Some(property) = Property::of(line) else {
            return Ok(());
        };
        match property.name.as_str() {
            "BEGIN" => {
                self.begin(property.raw.trim(), reading);
                Ok(())
            }
            "END" => {
                let ended = property.raw.trim();
                self.open
                    .take_if(|open| open.name.eq_ignore_ascii_case(ended));
                Ok(())
            }
            _ => self.property(&property, reading),
        }
    }

    fn begin(&mut self, object: &str, reading: &mut Reading<'_>) {
        let mut known = OBJECTS.iter().zip(&mut self.counts);
        let known = known.find(|((name, _), _)| name.eq_ignore_ascii_case(object));
        let Some(((name, shown), count)) = known else {
            return;
        };
        *count += 1;
        let place = format!("{shown} {count}");
        reading.receiver.begin_text(Some(&place));
        self.is_interrupted = false;
        self.open = Some(Open {
            name,
            place,
            files: 0,
        });
    }

    fn property(&mut self, property: &Property<'_>, reading: &mut Reading<'_>) -> io::Result<()> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        if property.is_base64() {
            open.files += 1;
            let content: String = property.raw.split_whitespace().collect();
            let content = BASE64.decode(content).unwrap_or_default();
            let name = format!("{} › {} {}", open.place, property.file_name(), open.files);
            self.is_interrupted = true;
            let size_bytes = u64::try_from(content.len()).ok();
            return reading.member(&name, &mut content.as_slice(), size_bytes);
        }
        let shown = property.shown();
        if shown.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut self.is_interrupted) {
            reading.receiver.begin_text(Some(&open.place));
        }
        reading.receiver.text(&shown);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
