//! OpenDocument (odt, ods, odp, their templates), in a zip or as one flat XML file.
//!
//! One reader for all parts: the body, the headers of the styles and the properties have elements of their own, whatever
//! the file that they stand in.

use std::io::{self, BufReader, Read};

use super::open_prose::OpenProse;
use super::package::Package;
use super::xml::{self, Token};
use crate::extract::limits::Limit;
use crate::extract::reading::Reading;
use crate::extract::{Coverage, Outcome};

pub(super) fn extract(
    media_type: &'static str,
    mut package: Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    if is_locked(&mut package, reading)? {
        return Ok(Outcome {
            media_type,
            coverage: Coverage::Encrypted,
        });
    }
    let mut reached = None;
    let inner = package.parts_of("content.xml");
    let parts = ["content.xml", "styles.xml", "meta.xml"].map(str::to_owned);
    for part in parts.into_iter().chain(inner) {
        // A chart or a formula inside has a folder of its own.
        let within = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut prose = OpenProse::new(within, reading.limits().cells);
        package.walk(&part, reading, &mut |token, reading| {
            prose.token(&token, reading.receiver);
            Ok(())
        })?;
        reached = reached.or(prose.finish(reading.receiver));
    }
    for object in package.top_parts_of("Object ") {
        package.member(&object, reading)?;
    }
    let coverage = match reached {
        Some(limit) => Coverage::Limited(limit),
        None if package.is_damaged() => Coverage::Damaged,
        None => Coverage::Whole,
    };
    Ok(Outcome {
        media_type,
        coverage,
    })
}

/// A document in one file of XML.
pub(in crate::extract) fn extract_flat(
    bytes: &mut dyn Read,
    reading: &mut Reading<'_>,
) -> io::Result<Coverage> {
    let mut prose = OpenProse::new("", reading.limits().cells);
    let read = xml::walk(BufReader::new(bytes), &mut |token| {
        prose.token(&token, reading.receiver);
        Ok(())
    });
    let reached: Option<Limit> = prose.finish(reading.receiver);
    read?;
    Ok(reached.map_or(Coverage::Whole, Coverage::Limited))
}

/// Which kind of document a flat file is, by its first characters.
pub(in crate::extract) fn flat_media_type(start: &str) -> Option<&'static str> {
    const KINDS: [&str; 3] = [
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.text",
    ];
    let (_, root) = start.split_once("<office:document")?;
    KINDS.into_iter().find(|kind| root.contains(kind))
}

/// Each part is then encrypted for itself, and the list of parts says how.
fn is_locked(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<bool> {
    let mut is_locked = false;
    package.walk("META-INF/manifest.xml", reading, &mut |token, _| {
        if let Token::Start(tag) = token {
            is_locked |= tag.name() == "encryption-data";
        }
        Ok(())
    })?;
    Ok(is_locked)
}
