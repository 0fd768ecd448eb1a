//! Tables: a column is its title and its values. The title speaks for every cell below; a column of mostly valid values is
//! one strong statement; a row is a person.

mod cell;
mod form;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use self::cell::read_shortened;
use self::cell::{join, judge_whole, read_cell};
use self::form::Labels;
use super::document::{FileFindings, Rules};
use super::found::{Canonical, Found, Reason, Reasons};
use super::lexicon::{Nearness, Title};
use super::people::Given;
use super::place::Place;
use super::roster::{self, NamePart, Named};
use super::rule::Form;
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
    /// The first row read as titles, while it may as well be the first line of a form, or a caption.
    doubtful: Option<(u64, Vec<String>)>,
    form: form::Form,
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

impl Column {
    fn is_untitled(&self) -> bool {
        self.name.is_none() && !self.title.is_known()
    }
}

impl<'e> Table<'e> {
    pub(super) fn new(rules: Rules<'e>, within: Option<&str>, first_row: u64) -> Self {
        Self {
            rules,
            within: within.map(Arc::from),
            row: first_row,
            columns: Vec::new(),
            titled: false,
            doubtful: None,
            form: form::Form::default(),
        }
    }

    pub(super) fn row(&mut self, cells: &[&str], findings: &mut FileFindings) {
        let cells = cells
            .get(..cells.len().min(MOST_COLUMNS))
            .unwrap_or_default();
        self.doubt_titles(cells, findings);
        match self.read_titles(cells) {
            Some(titles) => {
                self.settle(findings);
                let is_known = |index: usize| {
                    let part = cells.get(index).and_then(|cell| self.name_part(cell));
                    titles.get(index).is_some_and(Title::is_known) || part.is_some()
                };
                let is_doubtful = !self.titled
                    && (form::places(cells).count() == 1 || form::may_be_line(cells, is_known));
                self.doubtful = is_doubtful.then(|| {
                    (
                        self.row,
                        cells.iter().map(|cell| (*cell).to_owned()).collect(),
                    )
                });
                self.columns = titles
                    .into_iter()
                    .zip(cells)
                    .map(|(title, cell)| Column {
                        title,
                        name: self.name_part(cell),
                        ..Column::default()
                    })
                    .collect();
                self.titled = true;
                self.form.is_open = false;
            }
            None => self.read_values(cells, findings),
        }
        self.row += 1;
    }

    pub(super) fn finish(mut self, findings: &mut FileFindings) {
        self.settle(findings);
    }

    /// The row below shows what the first one was: the titles of columns, a caption, or the first line of a form.
    fn doubt_titles(&mut self, cells: &[&str], findings: &mut FileFindings) {
        let filled = form::places(cells).count();
        let Some((row, above)) = self.doubtful.take_if(|_| filled > 0) else {
            return;
        };
        let is_form = form::goes_on(self.rules.compiled, &above, cells);
        let words = cells.iter().filter(|cell| !cell.trim().is_empty());
        let is_caption = above.iter().filter(|cell| !cell.trim().is_empty()).count() == 1
            && filled > 1
            && (is_form || words.clone().all(|cell| may_be_title(cell)));
        if !is_form && !is_caption {
            return;
        }
        self.settle(findings);
        self.titled = false;
        if is_caption {
            return;
        }
        self.form.is_open = true;
        let below = std::mem::replace(&mut self.row, row);
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        self.read_values(&above, findings);
        self.row = below;
    }

    fn name_part(&self, title: &str) -> Option<NamePart> {
        self.rules.compiled.people.titles().part(title)
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
        let known = titles
            .iter()
            .zip(cells)
            .filter(|(title, cell)| title.is_known() || self.name_part(cell).is_some())
            // « Inès » is also the plural of « INE ».
            .filter(|(_, cell)| compiled.people.given(&fold(cell.trim())) == Given::No)
            .count();
        let needed = if self.form.is_open {
            filled().count().max(2)
        } else if self.titled {
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
        let labels = if self.titled {
            Labels::default()
        } else {
            self.form.labels(self.rules.compiled, cells)
        };
        let mut row: Vec<(usize, Found)> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if cell.trim().is_empty() || labels.is_label(index) {
                continue;
            }
            let Some(column) = self.columns.get_mut(index) else {
                continue;
            };
            column.filled += 1;
            column.numbers += u64::from(is_long_number(cell));
            let title = labels.title(index).unwrap_or(&column.title);
            let collected = read_cell(self.rules.compiled, cell, title);
            for detector in collected.failed {
                column.evidence.entry(detector).or_default().fail();
            }
            row.extend(collected.found.into_iter().map(|found| (index, found)));
        }
        self.join_columns(cells, &mut row);
        self.name_people(cells, &labels, &mut row);
        self.say_of_people(cells, &labels, &mut row);
        self.hide_allowed(cells, &mut row, findings);

        let person = self.person(&row);
        for (index, found) in &row {
            self.keep(*index, found, person);
        }
    }

    /// Names under the titles of names, or behind their labels: one a person.
    fn name_people(&mut self, cells: &[&str], labels: &Labels, row: &mut Vec<(usize, Found)>) {
        let Some(detector) = self.rules.compiled.person else {
            return;
        };
        let people = &self.rules.compiled.people;
        let names = if labels.any() {
            self.form.names(cells, labels, people)
        } else {
            let parts = self.columns.iter().map(|column| column.name);
            let mut names = roster::names_of_row(cells, parts, people);
            if names.is_empty() {
                let columns = &self.columns;
                let is_untitled =
                    |index: usize| columns.get(index).is_some_and(Column::is_untitled);
                names = roster::names_without_titles(cells, is_untitled, people);
            }
            names
        };
        if names.is_empty() {
            return;
        }
        row.retain(|(index, found)| {
            let of_column = self.columns.get(*index).and_then(|column| column.name);
            let holds_name = labels.part(*index).or(of_column).is_some();
            found.detector != detector || !holds_name
        });
        // A surname alone may be anything's; beside a date of birth or a number it is somebody's.
        let is_somebody = row.iter().any(|(_, found)| self.tells_who(found));
        let least = if is_somebody {
            Confidence::Medium
        } else {
            Confidence::Low
        };
        row.extend(names.into_iter().map(|name| named(detector, name, least)));
    }

    /// What is said of people needs somebody in the row, or on a line of the form before; under its own title, any value says
    /// it.
    fn say_of_people(&mut self, cells: &[&str], labels: &Labels, row: &mut Vec<(usize, Found)>) {
        let mut is_somebody = row.iter().any(|(_, found)| self.tells_who(found));
        if labels.any() {
            self.form.names_somebody |= is_somebody;
            is_somebody = self.form.names_somebody;
        }
        if !is_somebody {
            row.retain(|(_, found)| !self.needs_somebody(found.detector));
            return;
        }
        for (index, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let title = labels.title(index).unwrap_or(&column.title);
            for (detector, rule) in self.rules.compiled.opened_by(title.near) {
                let is_said = row
                    .iter()
                    .any(|(at, found)| *at == index && found.detector == detector);
                if is_said || !self.needs_somebody(detector) || terms::says_nothing(cell) {
                    continue;
                }
                let mut reasons = Reasons::default();
                if let Nearness::Near(word) = title.nearness(detector) {
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

    /// « Nom | DURAND », and no first name on any line.
    fn keep_unfinished_names(&mut self, findings: &mut FileFindings) {
        let rest = self.form.rest(&self.rules.compiled.people);
        let Some(detector) = self.rules.compiled.person else {
            return;
        };
        for name in rest {
            let (column, found) = named(detector, name, Confidence::Low);
            if !findings.hides(self.rules, &found) {
                self.keep(column, &found, self.hash(&found));
            }
        }
        self.form.names_somebody = false;
    }

    fn hash(&self, found: &Found) -> u64 {
        let compiled = self.rules.compiled;
        compiled.hash(found.detector, &found.canonical)
    }

    /// Gives what the columns hold, now that they are whole.
    fn settle(&mut self, findings: &mut FileFindings) {
        self.keep_unfinished_names(findings);
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

/// Somebody whom a row names.
fn named(detector: usize, name: Named, least: Confidence) -> (usize, Found) {
    let mut reasons = Reasons::default();
    reasons.add(Reason::NameColumn);
    let found = Found {
        detector,
        span: 0..0,
        canonical: name.canonical,
        confidence: Some(name.confidence.max(least)),
        reasons,
    };
    (name.column, found)
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
