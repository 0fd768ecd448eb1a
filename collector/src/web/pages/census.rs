//! The software of a town, all machines together: first what a town hall works with, then the rest.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::{
    MachineNames, Page, PageResult, Question,
    pager::{self, Pager},
};
use crate::{
    model::{self, CensusEntry, PageRequest},
    web::{
        Labels, WebState, french,
        layout::{Layout, Section},
        town::Town,
    },
};

/// The family of what a town hall works with, in the software rules.
const MUNICIPAL: &str = "municipal";

/// What no rule recognises is the long tail: libraries, drivers, parts of the system.
const PAGE_SIZE: u64 = 100;

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
    page: Option<u64>,
}

struct Group {
    title: &'static str,
    /// Of all pages.
    count: String,
    rows: Vec<Row>,
    pager: Option<Pager>,
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
    let page = pager::request(asked.page, PAGE_SIZE);
    let asked = asked.q.unwrap_or_default();
    Ok(Page(Census::new(
        layout,
        asked,
        page,
        &entries,
        &names,
        &web.labels,
    )))
}

impl Census {
    fn new(
        layout: Layout,
        asked: String,
        page: PageRequest,
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
        let rows = |entries: &[&CensusEntry]| {
            let rows = entries.iter();
            rows.map(|entry| Row::new(entry, names, labels, &base))
                .collect::<Vec<_>>()
        };
        let group = |title, belongs: fn(&CensusEntry) -> bool| {
            let entries: Vec<_> = found
                .iter()
                .copied()
                .filter(|entry| belongs(entry))
                .collect();
            let count = french::number(entries.len() as u64);
            Group {
                title,
                count,
                rows: rows(&entries),
                pager: None,
            }
        };
        let others: Vec<_> = found
            .iter()
            .copied()
            .filter(|entry| entry.rule.is_none())
            .collect();
        let others = sliced(&others, page);
        let others = Group {
            title: "Autres logiciels",
            count: french::number(others.total),
            rows: rows(&others.items),
            pager: (others.total > PAGE_SIZE)
                .then(|| Pager::new(&others, &[("q", wanted.as_str())])),
        };
        let mut groups = vec![
            group("Logiciels métier", is_municipal),
            group("Autres logiciels reconnus", |entry| {
                entry.rule.is_some() && !is_municipal(entry)
            }),
            others,
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

fn sliced<'a>(entries: &[&'a CensusEntry], request: PageRequest) -> model::Page<&'a CensusEntry> {
    let before = usize::try_from(request.number.saturating_mul(request.size)).unwrap_or(usize::MAX);
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    model::Page {
        items: entries.iter().copied().skip(before).take(size).collect(),
        total: entries.len() as u64,
        request,
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
