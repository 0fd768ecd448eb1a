//! One proposed activity: its evidence line by line, and what a person does with it.

use askama::Template;
use axum::{extract::State, response::Redirect};

use super::{
    MachineNames, Page, PageResult,
    evidence::{self, EvidenceLine},
    proposals::decided,
};
use crate::{
    model::{Proposal, ProposalId, ProposalStatus},
    web::{
        Labels, WebState,
        error::PageError,
        french,
        labels::Chip,
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

const LONGEST_REASON: usize = 2_000;

#[derive(Template)]
#[template(path = "proposal.html")]
struct ProposalPage {
    layout: Layout,
    address: String,
    label: String,
    score: i32,
    evidence: Vec<EvidenceLine>,
    first_proposed: String,
    evidence_at: String,
    rule: String,
    rules_version: String,
    status: Option<Chip>,
    outcome: Outcome,
    changed: bool,
    may_decide: bool,
}

enum Outcome {
    Open,
    Accepted {
        activity: String,
        by: String,
        at: String,
    },
    Refused {
        reason: String,
        by: String,
        at: String,
    },
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<ProposalId>,
) -> PageResult<impl Template> {
    let proposal = town.store().proposal(id).await?;
    let names = MachineNames::of(&town).await?;
    let layout = town.layout(Section::Proposals, &proposal.label);
    let may_decide = town.may_decide();
    Ok(Page(ProposalPage::new(
        layout,
        proposal,
        &names,
        &web.labels,
        may_decide,
    )))
}

pub(in crate::web) async fn refuse(
    State(web): State<WebState>,
    Id(id): Id<ProposalId>,
    Act { town, form }: Act,
) -> Result<Redirect, PageError> {
    let reason: String = form.text("reason").chars().take(LONGEST_REASON).collect();
    if reason.is_empty() {
        return Err(PageError::BadForm);
    }
    town.store()
        .refuse_proposal(id, &reason, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/propositions/{id}"), Notice::Refused))
}

pub(in crate::web) async fn reopen(
    State(web): State<WebState>,
    Id(id): Id<ProposalId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .reopen_proposal(id, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/propositions/{id}"), Notice::Reopened))
}

impl ProposalPage {
    fn new(
        layout: Layout,
        proposal: Proposal,
        names: &MachineNames,
        labels: &Labels,
        may_decide: bool,
    ) -> Self {
        let base = layout.base();
        let status = decided(&proposal.status, labels);
        let outcome = match proposal.status {
            ProposalStatus::Open => Outcome::Open,
            ProposalStatus::Accepted {
                activity,
                by_name,
                at,
            } => Outcome::Accepted {
                activity: format!("{base}/registre/{activity}"),
                by: by_name,
                at: french::moment(at),
            },
            ProposalStatus::Refused {
                reason,
                by_name,
                at,
            } => Outcome::Refused {
                reason,
                by: by_name,
                at: french::moment(at),
            },
        };
        Self {
            address: format!("{base}/propositions/{}", proposal.id),
            evidence: evidence::lines(&proposal.evidence, names, base),
            label: proposal.label,
            score: proposal.score,
            first_proposed: french::moment(proposal.first_proposed_at),
            evidence_at: french::moment(proposal.evidence_at),
            rule: proposal.rule,
            rules_version: proposal.rules_version,
            status,
            outcome,
            changed: proposal.changed_since_decision,
            may_decide,
            layout,
        }
    }
}
