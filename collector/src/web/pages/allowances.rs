//! The exceptions of a town: what it knows and does not want to be shown again, what each hides, and the form for one more.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{Page, PageResult};
use crate::{
    allowance::{self, Asked, End, Refusal, What},
    model::{Actor, Allowance, AllowanceId, AllowedSubject, HiddenTotal},
    web::{
        Labels, WebState,
        error::PageError,
        form::Form,
        french,
        labels::{Chip, Tone},
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

#[derive(Template)]
#[template(path = "allowances.html")]
struct Allowances {
    layout: Layout,
    rows: Vec<Row>,
    kinds: Vec<Choice>,
    detectors: Vec<Choice>,
    typed: Typed,
    problem: Option<String>,
    may_decide: bool,
}

struct Row {
    what: String,
    path: String,
    reason: String,
    by: String,
    at: String,
    state: Chip,
    until: Option<String>,
    hidden: Option<String>,
    files_address: String,
    address: String,
    is_over: bool,
    may_end: bool,
    may_resume: bool,
}

struct Choice {
    value: String,
    label: String,
    selected: bool,
}

/// The form as it was sent, but a value: that is typed again rather than travel once more.
#[derive(Default)]
struct Typed {
    what: String,
    domain: String,
    path: String,
    reason: String,
    until: String,
    no_end: bool,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
) -> PageResult<impl Template> {
    let page = page(&web, &town, Form::default(), None).await?;
    Ok(Page(page))
}

pub(in crate::web) async fn add(
    State(web): State<WebState>,
    Act { town, form }: Act,
) -> Result<Response, PageError> {
    let key = town.store().content_key().await?;
    let new = match allowance::read(asked(&form), &web.engine, &key, web.now()) {
        Ok(new) => new,
        Err(refusal) => {
            let page = page(&web, &town, form, Some(refusal)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    town.store().allow(new, actor(&town), web.now()).await?;
    Ok(town
        .done("/exceptions", Notice::AllowanceAdded)
        .into_response())
}

pub(in crate::web) async fn end(
    State(web): State<WebState>,
    Id(id): Id<AllowanceId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .end_allowance(id, actor(&town), web.now())
        .await?;
    Ok(town.done("/exceptions", Notice::AllowanceEnded))
}

pub(in crate::web) async fn resume(
    State(web): State<WebState>,
    Id(id): Id<AllowanceId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .resume_allowance(id, actor(&town), web.now())
        .await?;
    Ok(town.done("/exceptions", Notice::AllowanceResumed))
}

/// In words, for pages that name an exception.
pub(super) fn what(allowance: &Allowance, labels: &Labels) -> String {
    match &allowance.subject {
        AllowedSubject::Everything => "Tout ce qui est trouvé".to_owned(),
        AllowedSubject::Kind { kind } => labels.kind(kind),
        AllowedSubject::Detector { detector } => format!("Règle « {detector} »"),
        AllowedSubject::EmailDomain { domain } => format!("Adresses en @{domain}"),
        AllowedSubject::Value { kind, masked, .. } => {
            format!("{} « {masked} »", labels.kind(kind))
        }
    }
}

fn actor(town: &Town) -> Actor {
    Actor::User {
        id: town.user.id,
        name: town.user.name.clone(),
    }
}

fn asked(form: &Form) -> Asked<'_> {
    let what = match form.text("what") {
        "domaine" => What::EmailDomain(form.text("domain")),
        "nature" => What::Kind(form.text("kind")),
        "regle" => What::Detector(form.text("detector")),
        "tout" => What::Everything,
        _ => What::Value {
            text: form.text("value"),
            kind: form.text("value_kind"),
        },
    };
    let end = match form.text("no_end") {
        "oui" => End::Never,
        _ => End::On(form.text("until")),
    };
    Asked {
        what,
        path: form.text("path"),
        reason: form.text("reason"),
        end,
    }
}

async fn page(
    web: &WebState,
    town: &Town,
    form: Form,
    refusal: Option<Refusal>,
) -> Result<Allowances, PageError> {
    let store = town.store();
    let allowances = store.allowances().await?;
    let totals = store.hidden_totals().await?;
    let layout = town.layout(Section::Allowances, "Exceptions");
    let base = layout.base().to_owned();
    let may_decide = town.may_decide();
    let row = |allowance: &Allowance| Row::new(allowance, &totals, web, &base, may_decide);
    let choice = |value: &str, label: String, name: &str| Choice {
        selected: form.text(name) == value,
        value: value.to_owned(),
        label,
    };
    let detectors = web.engine.detectors();
    let mut kinds: Vec<Choice> = detectors
        .iter()
        .map(|rule| {
            let kind = rule.kind.as_str();
            choice(kind, web.labels.kind(kind), "kind")
        })
        .collect();
    kinds.sort_by(|left, right| left.label.cmp(&right.label));
    kinds.dedup_by(|left, right| left.value == right.value);
    let detectors = detectors
        .iter()
        .map(|rule| choice(&rule.id, rule.id.clone(), "detector"))
        .collect();
    Ok(Allowances {
        rows: allowances.iter().map(row).collect(),
        kinds,
        detectors,
        typed: Typed::of(&form),
        problem: refusal.map(|refusal| refusal.to_string()),
        may_decide,
        layout,
    })
}

impl Row {
    fn new(
        allowance: &Allowance,
        totals: &[HiddenTotal],
        web: &WebState,
        base: &str,
        may_decide: bool,
    ) -> Self {
        let in_force = allowance.is_in_force(web.now());
        let is_ended = allowance.ended_at.is_some();
        let total = totals.iter().find(|total| total.allowance == allowance.id);
        let hidden = total.map(|total| {
            format!(
                "{} dans {}",
                french::count(total.values, "valeur masquée", "valeurs masquées"),
                french::count(total.files, "fichier", "fichiers")
            )
        });
        Self {
            what: what(allowance, &web.labels),
            path: allowance.path.clone(),
            reason: allowance.reason.clone(),
            by: allowance.by_name.clone(),
            at: french::day(allowance.created_at),
            state: match (in_force, is_ended) {
                (true, _) => Chip::new("En vigueur", Tone::Good),
                (false, true) => Chip::new("Levée", Tone::Neutral),
                (false, false) => Chip::new("Échue", Tone::Neutral),
            },
            until: last_day(allowance).filter(|_| !is_ended),
            hidden,
            files_address: format!("{base}/fichiers?exception={}", allowance.id),
            address: format!("{base}/exceptions/{}", allowance.id),
            is_over: !in_force,
            may_end: may_decide && in_force,
            may_resume: may_decide && is_ended,
        }
    }
}

/// It ends with the last day's last second.
fn last_day(allowance: &Allowance) -> Option<String> {
    let second = jiff::SignedDuration::from_secs(1);
    let last: Timestamp = allowance.ends_at?.checked_sub(second).ok()?;
    Some(french::day(last))
}

impl Typed {
    fn of(form: &Form) -> Self {
        Self {
            what: form.text("what").to_owned(),
            domain: form.text("domain").to_owned(),
            path: form.text("path").to_owned(),
            reason: form.text("reason").to_owned(),
            until: form.text("until").to_owned(),
            no_end: form.text("no_end") == "oui",
        }
    }

    /// Whether this choice is the one made; the first where none was.
    fn is(&self, what: &str) -> bool {
        self.what == what || (self.what.is_empty() && what == "valeur")
    }
}
