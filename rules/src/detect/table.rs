//! Tables: a column is its title and its values. The title speaks for every cell below; a column of mostly valid values is
//! one strong statement; a row is a person.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{Collected, FileFindings, Rules};
use super::engine::Compiled;
use super::found::{Canonical, Found, Reason, Reasons};
use super::lexicon::{Nearness, Title};
use super::place::Place;
use super::roster::{self, NamePart};
use super::rule::Form;
use super::run::{MOST_SYMBOLS, Reading, Run};
use super::scan::Scan;
use super::tally::{Evidence, Sample};
use super::terms;
use crate::confidence::Confidence;
use crate::kinds::Family;
use crate::text::fold;

/// Longer cells are texts, not titles.
const LONGEST_TITLE: usize = 80;
/// Columns beyond are read without a title.
const MOST_COLUMNS: usize = 4096;

pub(super) struct Table<'e> {
    rules: Rules<'e>,
    within: Option<Arc<str>>,
    /// Of the next row, counted from 1.
    row: u64,
    columns: Vec<Column>,
    titled: bool,
}

#[derive(Default)]
struct Column {
    title: Title,
    name: Option<NamePart>,
    filled: u64,
    /// Cells that are one long number and nothing else.
    numbers: u64,
    evidence: BTreeMap<usize, Evidence>,
}

impl<'e> Table<'e> {
    pub(super) fn new(rules: Rules<'e>, within: Option<&str>, first_row: u64) -> Self {
        Self {
            rules,
            within: within.map(Arc::from),
            row: first_row,
            columns: Vec::new(),
            titled: false,
        }
    }

    pub(super) fn row(&mut self, cells: &[&str], findings: &mut FileFindings) {
        let cells = cells
            .get(..cells.len().min(MOST_COLUMNS))
            .unwrap_or_default();
        match self.read_titles(cells) {
            Some(titles) => {
                self.settle(findings);
                self.columns = titles
                    .into_iter()
                    .zip(cells)
                    .map(|(title, cell)| Column {
                        title,
                        name: self.rules.compiled.people.titles().part(cell),
                        ..Column::default()
                    })
                    .collect();
                self.titled = true;
            }
            None => self.read_values(cells, findings),
        }
        self.row += 1;
    }

    pub(super) fn finish(mut self, findings: &mut FileFindings) {
        self.settle(findings);
    }

    /// The titles, when this row is made of titles: words only, one known at least; after a first such row, most of them.
    fn read_titles(&self, cells: &[&str]) -> Option<Vec<Title>> {
        let filled = || cells.iter().filter(|cell| !cell.trim().is_empty());
        if !filled().all(|cell| may_be_title(cell)) {
            return None;
        }
        let compiled = self.rules.compiled;
        let titles: Vec<Title> = cells
            .iter()
            .map(|cell| compiled.lexicon.title(compiled.processor, cell))
            .collect();
        let names_people = |cell: &str| compiled.people.titles().part(cell).is_some();
        let known = titles
            .iter()
            .zip(cells)
            .filter(|(title, cell)| title.is_known() || names_people(cell))
            .count();
        let needed = if self.titled {
            filled().count().div_ceil(2).max(2)
        } else {
            1
        };
        (known >= needed).then_some(titles)
    }

    fn read_values(&mut self, cells: &[&str], findings: &mut FileFindings) {
        if self.columns.len() < cells.len() {
            self.columns.resize_with(cells.len(), Column::default);
        }
        let mut row: Vec<(usize, Found)> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            let Some(column) = self.columns.get_mut(index) else {
                continue;
            };
            column.filled += 1;
            column.numbers += u64::from(is_long_number(cell));
            let collected = read_cell(self.rules.compiled, cell, &column.title);
            for detector in collected.failed {
                column.evidence.entry(detector).or_default().fail();
            }
            row.extend(collected.found.into_iter().map(|found| (index, found)));
        }
        self.join_columns(cells, &mut row);
        self.name_people(cells, &mut row);
        self.say_of_people(cells, &mut row);
        self.hide_allowed(cells, &mut row, findings);

        let person = self.person(&row);
        for (index, found) in &row {
            self.keep(*index, found, person);
        }
    }

    /// Names under the titles of names: one a person.
    fn name_people(&self, cells: &[&str], row: &mut Vec<(usize, Found)>) {
        let Some(detector) = self.rules.compiled.person else {
            return;
        };
        let parts = self.columns.iter().map(|column| column.name);
        let names = roster::names_of_row(cells, parts, &self.rules.compiled.people);
        if names.is_empty() {
            return;
        }
        row.retain(|(index, found)| {
            let holds_name = self
                .columns
                .get(*index)
                .is_some_and(|column| column.name.is_some());
            found.detector != detector || !holds_name
        });
        let is_somebody = row.iter().any(|(_, found)| self.tells_who(found));
        row.extend(names.into_iter().map(|name| {
            // A surname alone may be anything's; beside a date of birth or a number it is somebody's.
            let confidence = if is_somebody {
                name.confidence.max(Confidence::Medium)
            } else {
                name.confidence
            };
            let mut reasons = Reasons::default();
            reasons.add(Reason::NameColumn);
            let found = Found {
                detector,
                span: 0..0,
                canonical: name.canonical,
                confidence: Some(confidence),
                reasons,
            };
            (name.column, found)
        }));
    }

    /// What is said of people needs somebody in the row; under its own title, any value says it.
    fn say_of_people(&self, cells: &[&str], row: &mut Vec<(usize, Found)>) {
        let is_somebody = row.iter().any(|(_, found)| self.tells_who(found));
        if !is_somebody {
            row.retain(|(_, found)| !self.needs_somebody(found.detector));
            return;
        }
        for (index, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            for (detector, rule) in self.rules.compiled.opened_by(column.title.near) {
                let is_said = row
                    .iter()
                    .any(|(at, found)| *at == index && found.detector == detector);
                if is_said || !self.needs_somebody(detector) || terms::says_nothing(cell) {
                    continue;
                }
                let mut reasons = Reasons::default();
                if let Nearness::Near(word) = column.title.nearness(detector) {
                    reasons.add(Reason::Title(word));
                }
                reasons.add(Reason::Row);
                let found = Found {
                    detector,
                    span: 0..cell.len(),
                    canonical: Canonical::new(fold(cell)),
                    confidence: rule.confidence.near.confidence(),
                    reasons,
                };
                row.push((index, found));
            }
        }
    }

    fn needs_somebody(&self, detector: usize) -> bool {
        let rule = self.rules.compiled.detectors.get(detector);
        rule.is_some_and(|rule| matches!(rule.form, Form::Words(_)))
    }

    fn tells_who(&self, found: &Found) -> bool {
        let kind = self.rules.compiled.kinds.get(found.detector);
        kind.is_some_and(|kind| terms::tells_who(kind, found))
    }

    /// Values cut into neighbouring columns: thirteen digits and a key; bank, branch, account and key.
    fn join_columns(&self, cells: &[&str], row: &mut Vec<(usize, Found)>) {
        for (detector, rule) in self.rules.compiled.detectors.iter().enumerate() {
            let Form::Template { columns, .. } = &rule.form else {
                continue;
            };
            if columns.is_empty() {
                continue;
            }
            for (index, window) in cells.windows(columns.len()).enumerate() {
                let Some(joined) = join(window, columns) else {
                    continue;
                };
                let title = self.columns.get(index).map(|column| &column.title);
                let found = judge_whole(self.rules.compiled, detector, &joined, title);
                if let Some(mut found) = found {
                    found.reasons.add(Reason::Joined);
                    let covered = index..index + columns.len();
                    row.retain(|(column, _)| !covered.contains(column));
                    row.push((index, found));
                }
            }
        }
    }

    /// An allowed value says nothing of its row or column: neither who the row is about, nor what the column holds.
    fn hide_allowed(
        &mut self,
        cells: &[&str],
        row: &mut Vec<(usize, Found)>,
        findings: &mut FileFindings,
    ) {
        let (rules, columns) = (self.rules, &mut self.columns);
        row.retain(|(index, found)| {
            let hidden = findings.hides(rules, found);
            if let Some(column) = columns.get_mut(*index).filter(|_| hidden) {
                let is_number = cells.get(*index).is_some_and(|cell| is_long_number(cell));
                column.filled = column.filled.saturating_sub(1);
                column.numbers = column.numbers.saturating_sub(u64::from(is_number));
            }
            !hidden
        });
    }

    /// Who the row is about: its strongest identifier, else the row itself.
    fn person(&self, row: &[(usize, Found)]) -> u64 {
        let identifier = row
            .iter()
            .filter(|(_, found)| found.confidence >= Some(Confidence::Medium))
            .filter_map(|(_, found)| {
                let kind = self.rules.compiled.kinds.get(found.detector)?;
                (kind.family == Family::Identifier).then_some((kind.sensitivity, found))
            })
            .filter(|(sensitivity, _)| sensitivity.level() >= 3)
            .max_by_key(|(sensitivity, _)| *sensitivity);
        match identifier {
            Some((_, found)) => self.hash(found),
            None => self.rules.compiled.hash_number(self.row),
        }
    }

    fn keep(&mut self, index: usize, found: &Found, person: u64) {
        let hash = self.hash(found);
        let (compiled, within, row) = (self.rules.compiled, &self.within, self.row);
        let Some(column) = self.columns.get_mut(index) else {
            return;
        };
        let sample = || Sample {
            masked: compiled.masked(found),
            place: Place::Cell {
                within: within.clone(),
                row,
                column: u32::try_from(index + 1).unwrap_or(u32::MAX),
            },
        };
        column
            .evidence
            .entry(found.detector)
            .or_default()
            .add(found, hash, person, sample);
    }

    fn hash(&self, found: &Found) -> u64 {
        let compiled = self.rules.compiled;
        compiled.hash(found.detector, &found.canonical)
    }

    /// Gives what the columns hold, now that they are whole.
    fn settle(&mut self, findings: &mut FileFindings) {
        for column in std::mem::take(&mut self.columns) {
            for (index, evidence) in column.evidence {
                if let Some(detector) = self.rules.compiled.detectors.get(index) {
                    let of_column = evidence.settle_column(detector, column.filled, column.numbers);
                    findings.add(&detector.kind, &of_column);
                }
            }
        }
    }
}

fn read_cell(compiled: &Compiled, cell: &str, title: &Title) -> Collected {
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
pub(super) fn read_shortened(compiled: &Compiled, cell: &str, title: &Title) -> Option<Found> {
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
fn judge_whole(
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
fn join(cells: &[&str], lengths: &[usize]) -> Option<String> {
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

fn is_long_number(cell: &str) -> bool {
    const LONG: usize = 8;
    let cell = cell.trim();
    cell.len() >= LONG && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words, and no value: few digits, no address.
fn may_be_title(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.len() <= LONGEST_TITLE
        && digits <= 2
        && !cell.contains('@')
        && cell.chars().any(char::is_alphabetic)
}
