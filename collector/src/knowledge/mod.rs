//! What the collector understands: from everything known of a town to proposed activities, gaps and the software census.
//!
//! Pure: a [`Snapshot`], a rule [`Pack`] and a day in, [`Conclusions`] out. The same input gives the same output, in the
//! same order, so that any conclusion can be replayed. Only `jobs` calls it; nothing here knows a store, a clock or a page.
//!
//! [`software`] recognises what is installed, [`census`] counts it, [`register`] proposes activities, [`gaps`] evaluates
//! the gap rules on [`facts`].

mod census;
mod facts;
mod gaps;
pub mod register;
mod software;

use beffroi_rules::pack::Pack;
use jiff::civil::Date;

use crate::model::{Conclusions, File, FileState, Machine, MachineId, Snapshot, Tally};
use software::Identified;

/// A line of evidence leads to this many files or machines at most; its words tell how many there are.
const MOST_SOURCES: usize = 50;

/// What the snapshot means, by these rules, on this day.
pub fn conclude(snapshot: &Snapshot, pack: &Pack, today: Date) -> Conclusions {
    let town = Town::of(snapshot);
    let installed = software::identify(&town, &pack.software);
    Conclusions {
        rules_version: pack.version.clone(),
        proposals: register::propose(&town, &installed, pack),
        gaps: gaps::evaluate(&town, &installed, pack, today),
        census: census::count(&installed),
    }
}

/// The part of a snapshot that speaks for the town, in a stable order: machines in service and what is theirs, without
/// the files that a person knows to be false alarms.
struct Town<'a> {
    snapshot: &'a Snapshot,
    /// By id.
    machines: Vec<&'a Machine>,
    /// By path, then machine.
    files: Vec<&'a File>,
}

impl<'a> Town<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let mut machines: Vec<&Machine> = snapshot
            .machines
            .iter()
            .filter(|machine| machine.revoked_at.is_none())
            .collect();
        machines.sort_by_key(|machine| machine.id);

        let is_in_service = |machine| {
            machines
                .binary_search_by_key(&machine, |known| known.id)
                .is_ok()
        };
        let mut files: Vec<&File> = snapshot
            .files
            .iter()
            .filter(|file| {
                is_in_service(file.machine) && file.gone_at.is_none() && !is_false_alarm(file)
            })
            .collect();
        files.sort_by(|a, b| {
            (&a.state.path, a.machine, a.id).cmp(&(&b.state.path, b.machine, b.id))
        });
        Self {
            snapshot,
            machines,
            files,
        }
    }

    fn files_of(&self, machine: MachineId) -> impl Iterator<Item = &'a File> {
        self.files
            .iter()
            .copied()
            .filter(move |file| file.machine == machine)
    }
}

fn is_false_alarm(file: &File) -> bool {
    use crate::model::DecisionKind;
    file.decision
        .as_ref()
        .is_some_and(|decision| decision.kind == DecisionKind::FalseAlarm)
}

/// What was found in a file with enough confidence to conclude from.
fn sure_tallies(state: &FileState) -> impl Iterator<Item = &Tally> {
    state
        .tallies
        .iter()
        .filter(|tally| tally.high + tally.medium > 0)
}

#[cfg(test)]
mod tests;
