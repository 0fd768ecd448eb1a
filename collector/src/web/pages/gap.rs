//! One gap: what was observed, what to do, and who says so.

use askama::Template;
use axum::extract::State;

use super::{MachineNames, Page, PageResult, files::split, gaps::place_name};
use crate::{
    model::{FileId, Gap, GapId},
    store::StoreError,
    web::{
        Labels, WebState,
        error::PageError,
        french,
        labels::Chip,
        layout::{Layout, Section},
        town::{Id, Town},
    },
};

/// Files of a proof that are named; the statement has the whole number.
const FILES: usize = 20;

#[derive(Template)]
#[template(path = "gap.html")]
struct GapPage {
    layout: Layout,
    title: String,
    severity: Chip,
    outcome: Chip,
    place: String,
    place_address: Option<String>,
    proof: Vec<ProofLine>,
    files: Vec<(String, String)>,
    remedy: String,
    sources: Vec<String>,
    first_seen: String,
    changed: String,
    rule: String,
    rules_version: String,
}

struct ProofLine {
    statement: String,
    source: String,
    at: String,
}

/// What the page reads.
struct Data {
    gap: Gap,
    place: String,
    /// The files of the proof that are still there, with their paths.
    files: Vec<(FileId, String)>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<GapId>,
) -> PageResult<impl Template> {
    let gap = town.store().gap(id).await?;
    let data = Data {
        place: place_name(&gap, &MachineNames::of(&town).await?),
        files: files(&town, &gap).await?,
        gap,
    };
    let layout = town.layout(Section::Gaps, &data.gap.title);
    Ok(Page(GapPage::new(layout, data, &web.labels)))
}

async fn files(town: &Town, gap: &Gap) -> Result<Vec<(FileId, String)>, PageError> {
    let mut files = Vec::new();
    for id in gap.proof.iter().flat_map(|proof| &proof.files).take(FILES) {
        match town.store().file(*id).await {
            Ok(file) => files.push((*id, file.state.path)),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(files)
}

impl GapPage {
    fn new(layout: Layout, data: Data, labels: &Labels) -> Self {
        let Data { gap, place, files } = data;
        let base = layout.base();
        let proof = gap
            .proof
            .iter()
            .map(|proof| ProofLine {
                statement: proof.statement.clone(),
                source: proof.source.clone(),
                at: proof.observed_at.map(french::moment).unwrap_or_default(),
            })
            .collect();
        Self {
            severity: labels.severity(&gap.severity),
            outcome: labels.outcome(gap.outcome),
            place_address: gap
                .machine
                .map(|machine| format!("{base}/postes/{machine}")),
            files: files
                .into_iter()
                .map(|(id, path)| (split(&path).1, format!("{base}/fichiers/{id}")))
                .collect(),
            proof,
            first_seen: french::moment(gap.first_seen_at),
            changed: french::moment(gap.changed_at),
            title: gap.title,
            remedy: gap.remedy,
            sources: gap.sources,
            rule: gap.rule,
            rules_version: gap.rules_version,
            layout,
            place,
        }
    }
}
