//! Office documents in zip, Office Open XML (docx, xlsx, xlsb, pptx) and OpenDocument (odt, ods, odp), templates included: what
//! their authors wrote, wherever they wrote it.
//!
//! Our own readers over `zip` and `quick-xml`: the libraries that exist give the body of a document and leave out comments,
//! deleted text, notes, hidden sheets, properties or what is embedded; one of them builds tables as large as their corners
//! are far apart. Everything is streamed but the strings that the cells of a workbook share.
//!
//! In: an opened zip whose names say what it is. Out: segments, with places as their program shows them: « feuille
//! « Paie » », « diapositive 4 », « note de bas de page 2 ».

mod binary;
mod cell;
mod grid;
pub(super) mod open_document;
mod open_prose;
mod open_sheet;
mod package;
mod presentation;
mod properties;
mod prose;
mod relations;
mod strings;
mod styles;
mod text_document;
mod workbook;
mod xml;

use std::io;

pub(super) use self::cell::{Epoch, shown};
pub(super) use self::grid::Grid;
pub(super) use self::package::Package;
pub(super) use self::styles::Format;
use super::reading::Reading;
use super::{Coverage, Outcome};

/// Which program writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its media type, as its first entry gives it.
    OpenDocument(&'static str),
    Text,
    Workbook,
    BinaryWorkbook,
    Presentation,
}

impl Kind {
    /// By the part that such a document cannot do without.
    pub(super) fn of(package: &Package<'_, '_>, first_names_say: &'static str) -> Option<Self> {
        let is_open = first_names_say.starts_with("application/vnd.oasis.opendocument.");
        if is_open && package.has("content.xml") {
            return Some(Self::OpenDocument(first_names_say));
        }
        if !package.has("[Content_Types].xml") {
            return None;
        }
        let parts = [
            ("word/", Self::Text),
            ("xl/workbook.xml", Self::Workbook),
            (binary::WORKBOOK, Self::BinaryWorkbook),
            ("ppt/presentation.xml", Self::Presentation),
        ];
        let found = parts.iter().find(|(part, _)| package.has_beginning(part));
        found.map(|(_, kind)| *kind)
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::OpenDocument(media_type) => media_type,
            Self::Text => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::BinaryWorkbook => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
            Self::Presentation => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
        }
    }
}

pub(super) fn extract(
    kind: Kind,
    mut package: Package<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let limited = match kind {
        Kind::Text => {
            text_document::extract(&mut package, reading)?;
            None
        }
        Kind::Workbook => workbook::extract(&mut package, reading)?,
        Kind::BinaryWorkbook => binary::extract(&mut package, reading)?,
        Kind::OpenDocument(media_type) => {
            return open_document::extract(media_type, package, reading);
        }
        Kind::Presentation => {
            presentation::extract(&mut package, reading)?;
            None
        }
    };
    drawings(&mut package, reading)?;
    properties::extract(&mut package, reading)?;
    embedded(&mut package, reading)?;
    let coverage = match limited {
        Some(limit) => Coverage::Limited(limit),
        None if package.is_damaged() => Coverage::Damaged,
        None => Coverage::Whole,
    };
    Ok(Outcome {
        media_type: kind.media_type(),
        coverage,
    })
}

/// Charts keep a copy of the cells that they show; diagrams and drawings have texts of their own.
fn drawings(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    for (folder, name) in [
        ("charts/chart", "graphique"),
        ("diagrams/data", "diagramme"),
        ("drawings/drawing", "dessin"),
    ] {
        for (rank, part) in (1..).zip(package.parts_of(folder)) {
            prose::extract(package, &part, &format!("{name} {rank}"), reading)?;
        }
    }
    Ok(())
}

/// Whole files inside the document.
fn embedded(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    for part in package.parts_of("embeddings/") {
        package.member(&part, reading)?;
    }
    Ok(())
}
