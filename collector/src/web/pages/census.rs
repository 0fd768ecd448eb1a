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

#[derive(Template)]
#[template(path = "census.html")]
struct Census {
    layout: Layout,
    asked: String,
    recognised: Vec<Row>,
    others: Vec<Row>,
    nothing_yet: bool,
}

#[derive(Default, Deserialize)]
pub(in crate::web) struct Asked {
    q: Option<String>,
}

struct Row {
    name: String,
    publisher: String,
    family: String,
    machines: String,
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
        let (recognised, others): (Vec<_>, Vec<_>) = entries
            .iter()
            .filter(|entry| {
                entry.name.to_lowercase().contains(&wanted)
                    || entry.publisher.to_lowercase().contains(&wanted)
            })
            .partition(|entry| entry.rule.is_some());
        let rows = |entries: Vec<&CensusEntry>| {
            entries
                .into_iter()
                .map(|entry| Row::new(entry, names, labels, &base))
                .collect()
        };
        Self {
            recognised: rows(recognised),
            others: rows(others),
            nothing_yet: entries.is_empty(),
            layout,
            asked,
        }
    }
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
            family: match entry.family.as_str() {
                "" => String::new(),
                family => labels.software_family(family),
            },
            machines: french::count(count, "poste", "postes"),
            versions,
        }
    }
}
