//! Proposals for the register of processing activities, and the entry that a proposal stands for.

use std::collections::BTreeSet;

use beffroi_rules::activities::ActivityRule;
use beffroi_rules::pack::Pack;
use beffroi_rules::proposals::{
    self, EvidenceLine, Observations, ObservedFile, ObservedKind, ObservedSoftware,
};
use jiff::Timestamp;

use super::{Identified, MOST_SOURCES, Town, sure_tallies};
use crate::model::{
    ActivityField, Evidence, EvidenceSource, FieldValue, File, MachineId, Organisation, Proposal,
    Provenance, Retention, SuggestedActivity, Verdict,
};

/// The rule under which the agents themselves are known: the tool is a processing activity too.
const OWN_SOFTWARE: &str = "beffroi";

/// The activities that the evidence suggests, the surest first.
pub(super) fn propose(
    town: &Town<'_>,
    installed: &[Identified<'_>],
    pack: &Pack,
) -> Vec<SuggestedActivity> {
    let software = observed_software(town, installed, pack);
    let files: Vec<&File> = town
        .files
        .iter()
        .copied()
        .filter(|file| file.state.verdict != Verdict::Excluded)
        .collect();
    let observations = Observations::new(
        software.iter().map(|seen| seen.observed.clone()).collect(),
        files.iter().map(|file| observed_file(file, pack)).collect(),
    );

    let suggest = |rule: &ActivityRule| {
        let proposal = proposals::propose(rule, &observations)?;
        Some(SuggestedActivity {
            rule: rule.id.clone(),
            label: rule.label.clone(),
            score: proposal.score,
            evidence: proposal
                .lines
                .iter()
                .map(|line| evidence(line, &software, &files))
                .collect(),
        })
    };
    let mut suggested: Vec<SuggestedActivity> =
        pack.activities.iter().filter_map(suggest).collect();
    suggested.sort_by(|a, b| (b.score, &a.rule).cmp(&(a.score, &b.rule)));
    suggested
}

/// The entry of the register that a proposal stands for, each field with its provenance. Empty when the rule is no longer
/// in the pack: the DPO then writes the entry from the label.
pub fn prefill(
    controller: &Organisation,
    proposal: &Proposal,
    pack: &Pack,
    now: Timestamp,
) -> Vec<ActivityField> {
    let by_rule = Provenance::Rule {
        rule: proposal.rule.clone(),
        version: pack.version.clone(),
        at: now,
    };
    let field = |name: &str, value| ActivityField {
        name: name.to_owned(),
        value,
        provenance: by_rule.clone(),
    };
    let Some(rule) = pack.activity(&proposal.rule) else {
        return vec![field("label", FieldValue::Text(proposal.label.clone()))];
    };

    let mut fields = vec![
        field("label", FieldValue::Text(rule.label.clone())),
        field("controller", FieldValue::Text(controller.name.clone())),
        field("purposes", FieldValue::List(rule.purposes.clone())),
        field(
            "legal_basis",
            list(rule.legal_basis.iter().map(|basis| basis.id())),
        ),
        field("legal_texts", FieldValue::List(rule.legal_texts.clone())),
        field(
            "data_subjects",
            FieldValue::List(rule.data_subjects.clone()),
        ),
        field(
            "data_categories",
            FieldValue::List(rule.data_categories.clone()),
        ),
        field(
            "sensitive_categories",
            FieldValue::List(sensitive_categories(rule)),
        ),
        field("nir", FieldValue::Text(rule.nir.rule.id().to_owned())),
        field("recipients", FieldValue::List(rule.recipients.clone())),
        field("retention", FieldValue::Retention(retention(rule, pack))),
        field(
            "security_measures",
            FieldValue::List(security_measures(rule, pack)),
        ),
        field("dpia", FieldValue::Text(rule.dpia.status.id().to_owned())),
        field("notes", FieldValue::Text(notes(rule))),
    ];
    fields.push(ActivityField {
        name: "software".to_owned(),
        value: list(software_names(proposal)),
        provenance: Provenance::Scan {
            at: proposal.evidence_at,
        },
    });
    fields.retain(|field| !is_empty(&field.value));
    fields
}

/// A software rule seen on a machine, and the name under which the machine lists it.
struct Seen {
    machine: MachineId,
    listed_as: String,
    observed: ObservedSoftware,
}

/// Each rule once a machine, and the agent itself on every machine.
fn observed_software(town: &Town<'_>, installed: &[Identified<'_>], pack: &Pack) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut known: BTreeSet<(MachineId, &str)> = BTreeSet::new();
    let number_of = |machine| {
        town.machines
            .iter()
            .position(|known| known.id == machine)
            .unwrap_or_default()
    };
    let product_of = |id: &str| {
        pack.software
            .get(id)
            .map_or_else(|| id.to_owned(), |rule| rule.product.clone())
    };

    for line in installed {
        for rule in &line.rules {
            if !known.insert((line.machine, &rule.id)) {
                continue;
            }
            seen.push(Seen {
                machine: line.machine,
                listed_as: line.installation.name.clone(),
                observed: ObservedSoftware {
                    machine: number_of(line.machine),
                    rule: rule.id.clone(),
                    product: rule.product.clone(),
                },
            });
        }
    }
    for (number, machine) in town.machines.iter().enumerate() {
        if known.insert((machine.id, OWN_SOFTWARE)) {
            seen.push(Seen {
                machine: machine.id,
                listed_as: "beffroi-agent".to_owned(),
                observed: ObservedSoftware {
                    machine: number,
                    rule: OWN_SOFTWARE.to_owned(),
                    product: product_of(OWN_SOFTWARE),
                },
            });
        }
    }
    seen
}

fn observed_file(file: &File, pack: &Pack) -> ObservedFile {
    let kinds = sure_tallies(&file.state).map(|tally| ObservedKind {
        id: tally.kind.clone(),
        label: pack.kinds.french(&tally.kind).to_owned(),
    });
    // Agents do not report the titles of columns.
    ObservedFile {
        path: file.state.path.clone(),
        kinds: kinds.collect(),
        headers: Vec::new(),
    }
}

fn evidence(line: &EvidenceLine, software: &[Seen], files: &[&File]) -> Evidence {
    let software = line
        .software
        .iter()
        .filter_map(|index| software.get(*index))
        .map(|seen| EvidenceSource::Software {
            machine: seen.machine,
            name: seen.listed_as.clone(),
        });
    let files = line
        .files
        .iter()
        .filter_map(|index| files.get(*index))
        .map(|file| EvidenceSource::File {
            machine: file.machine,
            file: file.id,
            path: file.state.path.clone(),
        });
    Evidence {
        what: line.what.clone(),
        points: line.points,
        sources: software.chain(files).take(MOST_SOURCES).collect(),
    }
}

/// GDPR articles 9 and 10, and the social security number, which has a regime of its own.
fn sensitive_categories(rule: &ActivityRule) -> Vec<String> {
    let mut categories = rule.special_categories.clone();
    let also = [
        ("infractions", rule.criminal_data),
        ("nir", rule.data_categories.iter().any(|id| id == "nir")),
    ];
    for (category, is_due) in also {
        if is_due && !categories.iter().any(|known| known == category) {
            categories.push(category.to_owned());
        }
    }
    categories
}

fn retention(rule: &ActivityRule, pack: &Pack) -> Vec<Retention> {
    let written = rule.retention.iter().map(|retention| Retention {
        what: retention.what.clone(),
        duration: retention.duration.clone(),
        trigger: retention.trigger.clone().unwrap_or_default(),
        end: pack.glossary.french("fate", retention.end.id()).to_owned(),
        source: retention.source.clone(),
        confidence: retention.confidence.id().to_owned(),
    });
    written.collect()
}

fn security_measures(rule: &ActivityRule, pack: &Pack) -> Vec<String> {
    let sets = rule
        .security
        .iter()
        .filter_map(|set| pack.lists.security_measures.of(set));
    sets.flatten().cloned().collect()
}

/// The reasons that the one-word answers of the entry leave out.
fn notes(rule: &ActivityRule) -> String {
    let nir = rule
        .nir
        .reason
        .as_ref()
        .map(|reason| format!("NIR : {reason}."));
    let dpia = rule
        .dpia
        .reason
        .as_ref()
        .map(|reason| format!("Analyse d'impact : {reason}."));
    let vulnerable = rule.vulnerable_subjects.then(|| {
        "Concerne des personnes vulnérables (mineurs, agents, personnes aidées).".to_owned()
    });
    let lines: Vec<String> = [rule.notes.clone(), nir, dpia, vulnerable]
        .into_iter()
        .flatten()
        .collect();
    lines.join("\n")
}

/// The names under which machines list the software of the evidence, once each.
fn software_names(proposal: &Proposal) -> impl Iterator<Item = &str> {
    let names: BTreeSet<&str> = proposal
        .evidence
        .iter()
        .flat_map(|line| &line.sources)
        .filter_map(|source| match source {
            EvidenceSource::Software { name, .. } => Some(name.as_str()),
            EvidenceSource::File { .. } | EvidenceSource::Fact { .. } => None,
        })
        .collect();
    names.into_iter()
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> FieldValue {
    FieldValue::List(items.map(str::to_owned).collect())
}

fn is_empty(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => text.is_empty(),
        FieldValue::List(items) => items.is_empty(),
        FieldValue::Retention(periods) => periods.is_empty(),
    }
}
