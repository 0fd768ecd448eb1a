//! Replaying the examples that rules carry, by the code that runs in towns.
//!
//! Comes in: a [`Pack`]. Goes out: the examples that do not give what their rule says. An operator who writes a rule and
//! the project's tests run exactly this.

use std::fmt;

use crate::activities::{ActivityRule, Example, ExampleFile};
use crate::gaps::{self, GapRule};
use crate::pack::Pack;
use crate::proposals::{Observations, ObservedFile, ObservedKind, ObservedSoftware, propose};
use crate::software::{SoftwareCatalogue, SoftwareRule};

/// An example that its rule contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `gaps/firewall-off`.
    pub rule: String,
    /// The example's own words.
    pub example: String,
    pub expected: String,
    pub found: String,
}

/// Every example of every rule; empty when all hold.
pub fn replay(pack: &Pack) -> Vec<Failure> {
    let software = pack
        .software
        .rules()
        .iter()
        .flat_map(|rule| replay_software(&pack.software, rule));
    let activities = pack
        .activities
        .iter()
        .flat_map(|rule| replay_activity(pack, rule));
    let gaps = pack.gaps.iter().flat_map(|rule| replay_gap(pack, rule));
    software.chain(activities).chain(gaps).collect()
}

fn replay_software(catalogue: &SoftwareCatalogue, rule: &SoftwareRule) -> Vec<Failure> {
    let contradicted = rule.examples.iter().filter_map(|example| {
        let matches = catalogue
            .identify(&example.name, &example.publisher)
            .iter()
            .any(|found| found.id == rule.id);
        (matches != example.matches).then(|| Failure {
            rule: format!("software/{}", rule.id),
            example: format!("« {} » ({})", example.name, example.why),
            expected: format!("matches = {}", example.matches),
            found: format!("matches = {matches}"),
        })
    });
    contradicted.collect()
}

fn replay_activity(pack: &Pack, rule: &ActivityRule) -> Vec<Failure> {
    let contradicted = rule.examples.iter().filter_map(|example| {
        let proposal = propose(rule, &observations_of(pack, example));
        let score = proposal.as_ref().map_or(0, |proposal| proposal.score);
        (proposal.is_some() != example.proposed).then(|| Failure {
            rule: format!("activities/{}", rule.id),
            example: example.why.clone(),
            expected: format!("proposed = {}", example.proposed),
            found: format!("proposed = {} (score {score})", proposal.is_some()),
        })
    });
    contradicted.collect()
}

fn replay_gap(pack: &Pack, rule: &GapRule) -> Vec<Failure> {
    let contradicted = rule.examples.iter().filter_map(|example| {
        let found =
            gaps::evaluate(rule, &example.facts, example.today, &pack.lists.end_of_life).outcome;
        (found != example.outcome).then(|| Failure {
            rule: format!("gaps/{}", rule.id),
            example: example.why.clone(),
            expected: format!("{:?}", example.outcome),
            found: format!("{found:?}"),
        })
    });
    contradicted.collect()
}

fn observations_of(pack: &Pack, example: &Example) -> Observations {
    let software = example.software.iter().map(|id| ObservedSoftware {
        machine: 0,
        rule: id.clone(),
        product: pack
            .software
            .get(id)
            .map_or_else(|| id.clone(), |rule| rule.product.clone()),
    });
    let files = example.files.iter().map(|file: &ExampleFile| ObservedFile {
        path: file.path.clone(),
        kinds: file
            .kinds
            .iter()
            .map(|id| observed_kind(pack, id))
            .collect(),
        headers: file.headers.clone(),
    });
    Observations::new(software.collect(), files.collect())
}

fn observed_kind(pack: &Pack, id: &str) -> ObservedKind {
    ObservedKind {
        id: id.to_owned(),
        label: pack.kinds.french(id).to_owned(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}: expected {}, found {}",
            self.rule, self.example, self.expected, self.found
        )
    }
}
