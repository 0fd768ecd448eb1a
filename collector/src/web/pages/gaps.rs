//! The gaps: what the rules ask of machines and of the town, and what was found.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{MachineNames, Page, PageResult, Question};
use crate::{
    model::{Gap, GapOutcome},
    web::{
        Labels, WebState, french,
        labels::{Chip, severity_rank},
        layout::{Layout, Section},
        town::Town,
    },
};

#[derive(Template)]
#[template(path = "gaps.html")]
struct Gaps {
    layout: Layout,
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    wanted: GapOutcome,
    /// No rule has answered yet.
    nothing_yet: bool,
}

#[derive(Default, Deserialize)]
pub(in crate::web) struct Asked {
    etat: Option<String>,
}

struct Tab {
    label: &'static str,
    address: String,
    count: usize,
    current: bool,
}

/// One rule, and the machines about which it says the same.
struct Group {
    title: String,
    severity: Chip,
    remedy: String,
    places: Vec<Place>,
}

struct Place {
    name: String,
    address: String,
    statement: String,
    since: String,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Question(asked): Question<Asked>,
) -> PageResult<impl Template> {
    let gaps = town.store().gaps(None).await?;
    let names = MachineNames::of(&town).await?;
    let layout = town.layout(Section::Gaps, "Écarts de sécurité");
    let wanted = outcome_of(asked.etat.as_deref());
    Ok(Page(Gaps::new(layout, &gaps, wanted, &names, &web.labels)))
}

fn outcome_of(asked: Option<&str>) -> GapOutcome {
    match asked {
        Some("sans-reponse") => GapOutcome::Unknown,
        Some("conformes") => GapOutcome::Compliant,
        _ => GapOutcome::Shortfall,
    }
}

impl Gaps {
    fn new(
        layout: Layout,
        gaps: &[Gap],
        wanted: GapOutcome,
        names: &MachineNames,
        labels: &Labels,
    ) -> Self {
        let base = layout.base().to_owned();
        let tabs = [
            (GapOutcome::Shortfall, "Écarts constatés", ""),
            (GapOutcome::Unknown, "Sans réponse", "?etat=sans-reponse"),
            (GapOutcome::Compliant, "Conformes", "?etat=conformes"),
        ]
        .into_iter()
        .map(|(outcome, label, query)| Tab {
            label,
            address: format!("{base}/ecarts{query}"),
            count: gaps.iter().filter(|gap| gap.outcome == outcome).count(),
            current: outcome == wanted,
        })
        .collect();
        Self {
            groups: groups(gaps, wanted, names, labels, &base),
            nothing_yet: gaps.is_empty(),
            layout,
            tabs,
            wanted,
        }
    }
}

/// By severity, then title.
fn groups(
    gaps: &[Gap],
    wanted: GapOutcome,
    names: &MachineNames,
    labels: &Labels,
    base: &str,
) -> Vec<Group> {
    let mut groups: BTreeMap<(u8, &str, &str), Group> = BTreeMap::new();
    for gap in gaps.iter().filter(|gap| gap.outcome == wanted) {
        groups
            .entry((severity_rank(&gap.severity), &gap.title, &gap.rule))
            .or_insert_with(|| Group {
                title: gap.title.clone(),
                severity: labels.severity(&gap.severity),
                remedy: gap.remedy.clone(),
                places: Vec::new(),
            })
            .places
            .push(Place {
                name: place_name(gap, names),
                address: format!("{base}/ecarts/{}", gap.id),
                statement: gap
                    .proof
                    .iter()
                    .map(|proof| proof.statement.as_str())
                    .collect::<Vec<_>>()
                    .join(" ; "),
                since: french::day(gap.first_seen_at),
            });
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group
            .places
            .sort_by(|left, right| left.name.cmp(&right.name));
    }
    groups
}

pub(super) fn place_name(gap: &Gap, names: &MachineNames) -> String {
    match gap.machine {
        Some(machine) => names.name(machine),
        None => "Toute la collectivité".to_owned(),
    }
}
