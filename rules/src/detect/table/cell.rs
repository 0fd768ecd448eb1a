//! The value of one cell, or the one that neighbouring cells make together.

use crate::detect::document::Collected;
use crate::detect::engine::Compiled;
use crate::detect::found::Found;
use crate::detect::lexicon::Title;
use crate::detect::rule::Form;
use crate::detect::run::{MOST_SYMBOLS, Reading, Run};
use crate::detect::scan::Scan;

pub(super) fn read_cell(compiled: &Compiled, cell: &str, title: &Title) -> Collected {
    let mut scan = Scan::new(compiled, cell, Some(title), Collected::default());
    scan.run(0..cell.len());
    let mut collected = scan.finish();
    // One number of nine digits in ten also passes for a SIREN that nothing announces.
    if !collected.found.iter().any(Found::is_believed) {
        collected
            .found
            .extend(read_shortened(compiled, cell, title));
    }
    collected
}

/// A spreadsheet drops the zeros at the left of a number: 612345678 under « Téléphone ».
pub(in crate::detect) fn read_shortened(
    compiled: &Compiled,
    cell: &str,
    title: &Title,
) -> Option<Found> {
    if title.near == 0 {
        return None;
    }
    let (detector, whole) = restore_zeros(compiled, cell, title)?;
    let mut found = judge_whole(compiled, detector, &whole, Some(title))?;
    found.span = 0..cell.len();
    Some(found)
}

/// The number with its zeros, and the detector of the title that it then fits.
fn restore_zeros(compiled: &Compiled, cell: &str, title: &Title) -> Option<(usize, String)> {
    let digits = cell.trim();
    if digits.is_empty()
        || digits.len() >= MOST_SYMBOLS
        || !digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    compiled
        .detectors
        .iter()
        .enumerate()
        .find_map(|(detector, rule)| {
            let Form::Template {
                templates,
                lost_zeros,
                ..
            } = &rule.form
            else {
                return None;
            };
            if title.near >> detector & 1 == 0 {
                return None;
            }
            let lost = templates
                .iter()
                .filter_map(|template| template.len().checked_sub(digits.len()));
            let lost = lost.filter(|lost| (1..=*lost_zeros).contains(lost)).min()?;
            Some((detector, format!("{}{digits}", "0".repeat(lost))))
        })
}

/// What `detector` says of a value put back together.
pub(super) fn judge_whole(
    compiled: &Compiled,
    detector: usize,
    value: &str,
    title: Option<&Title>,
) -> Option<Found> {
    let mut scan = Scan::new(compiled, value, title, Collected::default());
    scan.run(0..value.len());
    scan.finish()
        .found
        .into_iter()
        .find(|found| found.detector == detector && found.confidence.is_some())
}

/// The cells end to end, each brought to its length by zeros at the left.
pub(super) fn join(cells: &[&str], lengths: &[usize]) -> Option<String> {
    let mut joined = String::new();
    for (rank, (cell, length)) in cells.iter().zip(lengths).enumerate() {
        let cell = cell.trim();
        let reading = Reading {
            lines: false,
            long_words: true,
            most: length + 1,
        };
        let run = Run::read(cell.as_bytes(), 0, reading);
        let whole = run.end(run.len()) == cell.len();
        // A NIR's first part is never short; a key of one digit lost its zero.
        // Nor is an account mostly zeros: counts in neighbouring columns would make one by chance.
        let loses_zeros = *length <= 5 || (rank > 0 && 2 * run.len() > *length);
        let long_enough = run.len() == *length || (run.len() > 0 && loses_zeros);
        if !whole || run.len() > *length || !long_enough {
            return None;
        }
        joined.push_str(&"0".repeat(length - run.len()));
        joined.push_str(std::str::from_utf8(run.symbols(run.len())).ok()?);
    }
    Some(joined)
}
