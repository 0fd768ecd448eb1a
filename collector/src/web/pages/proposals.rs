//! The activities that the evidence suggests, by what became of them.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::{Page, PageResult, Question};
use crate::{
    model::{Proposal, ProposalFilter, ProposalStatus},
    web::{
        Labels, WebState, french,
        labels::Chip,
        layout::{Layout, Section},
        town::Town,
    },
};

#[derive(Template)]
#[template(path = "proposals.html")]
struct Proposals {
    layout: Layout,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// What to say when there is no row.
    empty: Empty,
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

struct Row {
    address: String,
    label: String,
    score: i32,
    reasons: Vec<String>,
    more: usize,
    since: String,
    status: Option<Chip>,
    changed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    NothingYet,
    AllDecided,
    NoneOfThese,
}

/// Reasons shown under each proposal.
const REASONS: usize = 3;

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Question(asked): Question<Asked>,
) -> PageResult<impl Template> {
    let proposals = town.store().proposals(None).await?;
    let layout = town.layout(Section::Proposals, "Traitements proposés");
    let wanted = filter_of(asked.etat.as_deref());
    Ok(Page(Proposals::new(
        layout,
        &proposals,
        wanted,
        &web.labels,
    )))
}

fn filter_of(asked: Option<&str>) -> ProposalFilter {
    match asked {
        Some("acceptees") => ProposalFilter::Accepted,
        Some("refusees") => ProposalFilter::Refused,
        _ => ProposalFilter::Open,
    }
}

fn matches(filter: ProposalFilter, status: &ProposalStatus) -> bool {
    matches!(
        (filter, status),
        (ProposalFilter::Open, ProposalStatus::Open)
            | (ProposalFilter::Accepted, ProposalStatus::Accepted { .. })
            | (ProposalFilter::Refused, ProposalStatus::Refused { .. })
    )
}

impl Proposals {
    fn new(
        layout: Layout,
        proposals: &[Proposal],
        wanted: ProposalFilter,
        labels: &Labels,
    ) -> Self {
        let base = layout.base().to_owned();
        let tabs = [
            (ProposalFilter::Open, "À examiner", ""),
            (ProposalFilter::Accepted, "Acceptées", "?etat=acceptees"),
            (ProposalFilter::Refused, "Refusées", "?etat=refusees"),
        ]
        .into_iter()
        .map(|(filter, label, query)| Tab {
            label,
            address: format!("{base}/propositions{query}"),
            count: proposals
                .iter()
                .filter(|proposal| matches(filter, &proposal.status))
                .count(),
            current: filter == wanted,
        })
        .collect();
        let rows = proposals
            .iter()
            .filter(|proposal| matches(wanted, &proposal.status))
            .map(|proposal| Row::new(proposal, labels, &base))
            .collect();
        let empty = match (proposals.is_empty(), wanted) {
            (true, _) => Empty::NothingYet,
            (false, ProposalFilter::Open) => Empty::AllDecided,
            (false, _) => Empty::NoneOfThese,
        };
        Self {
            layout,
            tabs,
            rows,
            empty,
        }
    }
}

impl Row {
    fn new(proposal: &Proposal, labels: &Labels, base: &str) -> Self {
        let reasons: Vec<String> = proposal
            .evidence
            .iter()
            .take(REASONS)
            .map(|line| line.what.clone())
            .collect();
        Self {
            address: format!("{base}/propositions/{}", proposal.id),
            label: proposal.label.clone(),
            score: proposal.score,
            more: proposal.evidence.len() - reasons.len(),
            reasons,
            since: french::day(proposal.first_proposed_at),
            status: decided(&proposal.status, labels),
            changed: proposal.changed_since_decision,
        }
    }
}

/// The word for a proposal about which somebody has decided.
pub(super) fn decided(status: &ProposalStatus, labels: &Labels) -> Option<Chip> {
    (*status != ProposalStatus::Open).then(|| labels.proposal_status(status))
}
