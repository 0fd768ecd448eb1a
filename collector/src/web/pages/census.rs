//! The software of a town, all machines together: first what a town hall works with, then the rest.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::{MachineNames, Page, PageResult, Question};
use crate::{
    model::CensusEntry,
    web::{
        Labels, WebState, french,
        layout::{Layout, Section},
        town::Town,
    },
};

/// The family of what a town hall works with, in the software rules.
const MUNICIPAL: &str = "municipal";

#[derive(Template)]
#[template(path = "census.html")]
struct Census {
    layout: Layout,
    asked: String,
    groups: Vec<Group>,
    nothing_yet: bool,
}

#[derive(Default, Deserialize)]
pub(in crate::web) struct Asked {
    q: Option<String>,
}

struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    publisher: String,
    family: String,
    machines: String,
    /// The version, or how many there are.
    version: String,
    versions: Vec<VersionLine>,
}

struct VersionLine {
    version: String,
    machines: Vec<(String, String)>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Question(asked): Question<Asked>,
) -> PageResult<impl Template> {
    let entries = town.store().census().await?;
    let names = MachineNames::of(&town).await?;
    let layout = town.layout(Section::Software, "Logiciels");
    let asked = asked.q.unwrap_or_default();
    Ok(Page(Census::new(
        layout,
        asked,
        &entries,
        &names,
        &web.labels,
    )))
}

impl Census {
    fn new(
        layout: Layout,
        asked: String,
        entries: &[CensusEntry],
        names: &MachineNames,
        labels: &Labels,
    ) -> Self {
        let base = layout.base().to_owned();
        let wanted = asked.trim().to_lowercase();
        let found: Vec<&CensusEntry> = entries
            .iter()
            .filter(|entry| {
                entry.name.to_lowercase().contains(&wanted)
                    || entry.publisher.to_lowercase().contains(&wanted)
            })
            .collect();
        let group = |title, belongs: fn(&CensusEntry) -> bool| Group {
            title,
            rows: found
                .iter()
                .filter(|entry| belongs(entry))
                .map(|entry| Row::new(entry, names, labels, &base))
                .collect(),
        };
        let mut groups = vec![
            group("Logiciels métier", is_municipal),
            group("Autres logiciels reconnus", |entry| {
                entry.rule.is_some() && !is_municipal(entry)
            }),
            group("Autres logiciels", |entry| entry.rule.is_none()),
        ];
        groups.retain(|group| !group.rows.is_empty());
        Self {
            groups,
            nothing_yet: entries.is_empty(),
            layout,
            asked,
        }
    }
}

fn is_municipal(entry: &CensusEntry) -> bool {
    entry.family == MUNICIPAL
}

impl Row {
    fn new(entry: &CensusEntry, names: &MachineNames, labels: &Labels, base: &str) -> Self {
        let mut machines: Vec<_> = entry.versions.values().flatten().collect();
        machines.sort();
        machines.dedup();
        let count = u64::try_from(machines.len()).unwrap_or(u64::MAX);
        let versions = entry
            .versions
            .iter()
            .map(|(version, machines)| VersionLine {
                version: version.clone(),
                machines: machines
                    .iter()
                    .map(|machine| (names.name(*machine), format!("{base}/postes/{machine}")))
                    .collect(),
            })
            .collect();
        Self {
            name: entry.name.clone(),
            publisher: entry.publisher.clone(),
            // The title of the group says it of municipal software.
            family: match entry.family.as_str() {
                "" | MUNICIPAL => String::new(),
                family => labels.software_family(family),
            },
            machines: french::count(count, "poste", "postes"),
            version: match entry.versions.keys().collect::<Vec<_>>().as_slice() {
                [only] => (*only).clone(),
                several => format!("{} versions", several.len()),
            },
            versions,
        }
    }
}
