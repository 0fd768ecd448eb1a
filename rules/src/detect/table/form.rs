//! Forms laid out as tables: « Nom | DURAND | Né le | 12/04/1962 », a label and its value in neighbouring cells, or a column
//! of labels and a column a person.
//!
//! Comes in: the rows of a table that no titles open. Goes out: for each cell the label that stands before it in its row,
//! and the people whom labels name on several rows. Called by `table` only.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::may_be_title;
use crate::detect::engine::Compiled;
use crate::detect::lexicon::Title;
use crate::detect::people::{Given, People};
use crate::detect::roster::{self, NamePart, Named};
use crate::text::fold;

/// After so many rows without a label, the table is no form: its words are not looked up any more.
const MOST_WITHOUT_LABEL: u32 = 64;

/// What was read of a form so far.
#[derive(Default)]
pub(super) struct Form {
    /// Two lines at least were lines of a form: words beside a label are values, and no titles.
    pub is_open: bool,
    /// Somebody was named or numbered on a line before.
    pub names_somebody: bool,
    without_label: u32,
    /// By column.
    names: BTreeMap<usize, Unfinished>,
}

/// What the cells of one row are to each other; nothing where no label is.
#[derive(Default)]
pub(super) struct Labels(Vec<Cell>);

enum Cell {
    Label,
    Value(Option<Rc<Label>>),
}

/// A cell that says what the cells after it are.
struct Label {
    title: Title,
    name: Option<NamePart>,
}

/// « Nom | DURAND », before « Prénom | Camille » comes.
#[derive(Default)]
struct Unfinished {
    surname: Option<String>,
    given: Option<String>,
}

impl Form {
    pub(super) fn labels(&mut self, compiled: &Compiled, cells: &[&str]) -> Labels {
        if self.without_label >= MOST_WITHOUT_LABEL {
            return Labels::default();
        }
        let mut current: Option<Rc<Label>> = None;
        let mut labels = Vec::with_capacity(cells.len());
        for cell in cells {
            let label = Label::read(compiled, cell);
            labels.push(match label {
                Some(label) => {
                    current = Some(Rc::new(label));
                    Cell::Label
                }
                None => Cell::Value(current.clone()),
            });
        }
        if current.is_none() {
            self.without_label += 1;
            return Labels::default();
        }
        self.without_label = 0;
        Labels(labels)
    }

    /// Whom this row names, alone or with the rows above.
    pub(super) fn names(&mut self, cells: &[&str], labels: &Labels, people: &People) -> Vec<Named> {
        let parts = || (0..cells.len()).map(|index| labels.part(index));
        let has = |wanted| parts().any(|part| part == Some(wanted));
        if has(NamePart::Surname) == has(NamePart::Given) {
            return roster::names_of_row(cells, parts(), people);
        }
        let in_one_cell = parts().map(|part| part.filter(|part| part.is_whole()));
        let mut names = roster::names_of_row(cells, in_one_cell, people);
        for (column, (cell, part)) in cells.iter().zip(parts()).enumerate() {
            if !roster::is_name(cell.trim(), people) {
                continue;
            }
            let name = self.names.entry(column).or_default();
            match part {
                // « Nom de naissance », « Nom d'usage »: the first one counts.
                Some(NamePart::Surname) if name.surname.is_none() => {
                    name.surname = Some((*cell).to_owned());
                }
                Some(NamePart::Given) if name.given.is_none() => {
                    name.given = Some((*cell).to_owned());
                }
                _ => continue,
            }
            if name.surname.is_some() && name.given.is_some() {
                let whole = std::mem::take(name);
                names.extend(whole.close(column, people));
            }
        }
        names
    }

    /// The names of which one part only was found.
    pub(super) fn rest(&mut self, people: &People) -> Vec<Named> {
        let rest = std::mem::take(&mut self.names).into_iter();
        rest.filter_map(|(column, name)| name.close(column, people))
            .collect()
    }
}

impl Unfinished {
    fn close(self, column: usize, people: &People) -> Option<Named> {
        let surname = self.surname.as_deref().map(|name| (column, name.trim()));
        let given = self.given.as_deref().map(|name| (column, name.trim()));
        roster::of_parts(surname, given, people)
    }
}

impl Labels {
    pub(super) fn title(&self, index: usize) -> Option<&Title> {
        self.of(index).map(|label| &label.title)
    }

    pub(super) fn part(&self, index: usize) -> Option<NamePart> {
        self.of(index)?.name
    }

    /// Whether the cell says what another one holds, and nothing itself.
    pub(super) fn is_label(&self, index: usize) -> bool {
        matches!(self.0.get(index), Some(Cell::Label)) && self.any()
    }

    /// Whether the row is a line of a form.
    pub(super) fn any(&self) -> bool {
        self.0
            .iter()
            .any(|cell| matches!(cell, Cell::Value(Some(_))))
    }

    fn of(&self, index: usize) -> Option<&Label> {
        match self.0.get(index)? {
            Cell::Label => None,
            Cell::Value(label) => label.as_deref(),
        }
    }
}

impl Label {
    fn read(compiled: &Compiled, cell: &str) -> Option<Self> {
        // « Inès » is also the plural of « INE ».
        if !may_be_title(cell) || compiled.people.given(&fold(cell.trim())) != Given::No {
            return None;
        }
        let title = compiled.lexicon.title(compiled.processor, cell);
        let name = compiled.people.titles().part(cell);
        (title.is_known() || name.is_some()).then_some(Self { title, name })
    }

    fn is_of_a_kind(&self) -> bool {
        self.title.near != 0 || self.name.is_some()
    }
}

/// Whether these cells, read as titles, may as well be « Nom | DURAND | Prénom | Camille », or « Nom | DURAND | PETIT »: every
/// second one is known, or the first one alone.
pub(super) fn may_be_line(cells: &[&str], is_known: impl Fn(usize) -> bool) -> bool {
    let known: Vec<bool> = places(cells).map(is_known).collect();
    let alternates = || {
        known
            .iter()
            .enumerate()
            .all(|(rank, known)| *known == (rank % 2 == 0))
    };
    let is_first_alone = || {
        known
            .iter()
            .enumerate()
            .all(|(rank, known)| *known == (rank == 0))
    };
    known.len() >= 2 && ((known.len().is_multiple_of(2) && alternates()) || is_first_alone())
}

/// Whether `cells` begin with a label and its value, where the row above had a label too.
pub(super) fn goes_on(compiled: &Compiled, above: &[String], cells: &[&str]) -> bool {
    let mut places = places(cells);
    let (Some(first), Some(second)) = (places.next(), places.next()) else {
        return false;
    };
    let label = |cell: Option<&str>| Label::read(compiled, cell.unwrap_or_default());
    let above = above.get(first).map(String::as_str);
    label(above).is_some()
        && label(cells.get(first).copied()).is_some_and(|label| label.is_of_a_kind())
        && label(cells.get(second).copied()).is_none()
}

/// Where cells are filled.
pub(super) fn places<'c>(cells: &'c [&str]) -> impl Iterator<Item = usize> + 'c {
    let filled = cells.iter().enumerate();
    filled.filter_map(|(index, cell)| (!cell.trim().is_empty()).then_some(index))
}

#[cfg(test)]
mod tests;
