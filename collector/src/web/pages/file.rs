//! One file: what was found in it, where, who can open it, and what a person decides.

use askama::Template;
use axum::{extract::State, response::Redirect};

use super::{MachineNames, Page, PageResult, allowances, files::split};
use crate::{
    model::{Allowance, Decision, File, FileId, Hidden, JournalEntry, Tally, Verdict},
    web::{
        Labels, WebState,
        error::PageError,
        french,
        labels::{self, Chip, DECISIONS, Tone, decision_id, decision_meaning},
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

const LONGEST_COMMENT: usize = 2_000;

#[derive(Template)]
#[template(path = "file.html")]
struct FilePage {
    layout: Layout,
    address: String,
    name: String,
    folder: String,
    machine: String,
    machine_address: String,
    verdict: Chip,
    verdict_reason: String,
    terms: Vec<(&'static str, String)>,
    readable_by: Option<Chip>,
    writable_by: Option<Chip>,
    gone: Option<String>,
    tallies: Vec<TallyBlock>,
    hidden: Vec<HiddenLine>,
    hidden_total: Option<String>,
    may_decide: bool,
    decision: Option<DecisionBlock>,
    to_review: bool,
    choices: Vec<DecisionChoice>,
    history: Vec<HistoryLine>,
}

struct TallyBlock {
    kind: String,
    count: String,
    distinct: String,
    persons: Option<String>,
    confidence: Vec<Chip>,
    reasons: Vec<String>,
    samples: Vec<(String, String)>,
}

/// What one exception hides here.
struct HiddenLine {
    count: String,
    kind: String,
    why: String,
}

struct DecisionBlock {
    chip: Chip,
    comment: String,
    by: String,
    at: String,
}

struct DecisionChoice {
    id: &'static str,
    label: String,
    meaning: &'static str,
    selected: bool,
}

struct HistoryLine {
    at: String,
    who: String,
    what: String,
}

/// What the page reads.
struct Data {
    file: File,
    machine: String,
    history: Vec<JournalEntry>,
    names: MachineNames,
    may_decide: bool,
    /// Those of the town, for what they hide here.
    allowances: Vec<Allowance>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<FileId>,
) -> PageResult<impl Template> {
    let store = town.store();
    let file = store.file(id).await?;
    let names = MachineNames::of(&town).await?;
    let data = Data {
        machine: names.name(file.machine),
        history: store.file_history(id).await?,
        names,
        may_decide: town.may_decide(),
        allowances: store.allowances().await?,
        file,
    };
    let (_, name) = split(&data.file.state.path);
    let layout = town.layout(Section::Files, &name);
    Ok(Page(FilePage::new(layout, &data, &web.labels)))
}

pub(in crate::web) async fn decide(
    State(web): State<WebState>,
    Id(id): Id<FileId>,
    Act { town, form }: Act,
) -> Result<Redirect, PageError> {
    let Some(kind) = labels::decision_of(form.text("decision")) else {
        return Err(PageError::BadForm);
    };
    let comment: String = form.text("comment").chars().take(LONGEST_COMMENT).collect();
    town.store()
        .decide(id, kind, &comment, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/fichiers/{id}"), Notice::Decided))
}

pub(in crate::web) async fn undo(
    State(web): State<WebState>,
    Id(id): Id<FileId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .undo_decision(id, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/fichiers/{id}"), Notice::DecisionUndone))
}

impl FilePage {
    fn new(layout: Layout, data: &Data, labels: &Labels) -> Self {
        let file = &data.file;
        let state = &file.state;
        let base = layout.base();
        let (folder, name) = split(&state.path);
        let verdict_tone = match state.verdict {
            Verdict::Read => Tone::Good,
            _ => Tone::Warn,
        };
        let decided = file.decision.as_ref();
        let choices = DECISIONS
            .into_iter()
            .map(|kind| DecisionChoice {
                id: decision_id(kind),
                label: labels.decision(kind).text,
                meaning: decision_meaning(kind),
                selected: decided.is_some_and(|decision| decision.kind == kind),
            })
            .collect();
        let history = data
            .history
            .iter()
            .map(|entry| HistoryLine {
                at: french::moment(entry.at),
                who: data.names.actor(&entry.actor),
                what: entry.detail.clone(),
            })
            .collect();
        Self {
            address: format!("{base}/fichiers/{}", file.id),
            machine_address: format!("{base}/postes/{}", file.machine),
            machine: data.machine.clone(),
            verdict: Chip::new(labels.verdict(state.verdict), verdict_tone),
            verdict_reason: verdict_reason(file, labels),
            terms: terms(file),
            readable_by: state.readable_by.map(|who| labels.readable_by(who)),
            writable_by: state.writable_by.map(|who| labels.readable_by(who)),
            gone: file.gone_at.map(french::moment),
            tallies: state
                .tallies
                .iter()
                .map(|tally| TallyBlock::new(tally, labels))
                .collect(),
            hidden: hidden_lines(data, labels),
            hidden_total: hidden_total(file),
            may_decide: data.may_decide,
            decision: decided.map(|decision| DecisionBlock::new(decision, labels)),
            to_review: file.changed_since_decision,
            choices,
            history,
            layout,
            name,
            folder,
        }
    }
}

fn verdict_reason(file: &File, labels: &Labels) -> String {
    let state = &file.state;
    match (state.reason.as_str(), state.detail.as_str()) {
        ("", detail) => detail.to_owned(),
        (reason, "") => labels.reason(reason),
        (reason, detail) => format!("{} : {detail}", labels.reason(reason)),
    }
}

fn hidden_lines(data: &Data, labels: &Labels) -> Vec<HiddenLine> {
    let line = |hidden: &Hidden| {
        let known = data
            .allowances
            .iter()
            .find(|allowance| allowance.id == hidden.allowance);
        HiddenLine {
            count: french::count(hidden.count, "valeur", "valeurs"),
            kind: labels.kind(&hidden.kind),
            why: known.map_or_else(
                || "exception inconnue".to_owned(),
                |allowance| {
                    format!(
                        "{} : {}",
                        allowances::what(allowance, labels),
                        allowance.reason
                    )
                },
            ),
        }
    };
    data.file.state.hidden.iter().map(line).collect()
}

fn hidden_total(file: &File) -> Option<String> {
    let total: u64 = file.state.hidden.iter().map(|hidden| hidden.count).sum();
    let sentence = || {
        french::count(
            total,
            "valeur masquée par une exception",
            "valeurs masquées par une exception",
        )
    };
    (total > 0).then(sentence)
}

fn terms(file: &File) -> Vec<(&'static str, String)> {
    let state = &file.state;
    let mut terms = vec![
        ("Chemin complet", state.path.clone()),
        ("Dossier analysé", state.root.clone()),
        ("Taille", french::size(state.size_bytes)),
    ];
    if let Some(modified_at) = state.modified_at {
        terms.push(("Modifié le", french::moment(modified_at)));
    }
    if !state.media_type.is_empty() {
        terms.push(("Nature", state.media_type.clone()));
    }
    terms.push((
        "Vu pour la première fois",
        french::moment(file.first_seen_at),
    ));
    terms.push((
        "Vu pour la dernière fois",
        french::moment(file.last_seen_at),
    ));
    terms
}

impl TallyBlock {
    fn new(tally: &Tally, labels: &Labels) -> Self {
        let confidence = [
            ("high", tally.high),
            ("medium", tally.medium),
            ("low", tally.low),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| labels.confidence(level, count))
        .collect();
        Self {
            kind: labels.kind(&tally.kind),
            count: french::count(tally.count, "occurrence", "occurrences"),
            distinct: french::count(tally.distinct, "valeur différente", "valeurs différentes"),
            persons: (tally.persons > 0)
                .then(|| french::count(tally.persons, "personne", "personnes")),
            confidence,
            reasons: tally.reasons.clone(),
            samples: tally
                .samples
                .iter()
                .map(|sample| (sample.masked.clone(), sample.place.clone()))
                .collect(),
        }
    }
}

impl DecisionBlock {
    fn new(decision: &Decision, labels: &Labels) -> Self {
        Self {
            chip: labels.decision(decision.kind),
            comment: decision.comment.clone(),
            by: decision.by_name.clone(),
            at: french::moment(decision.at),
        }
    }
}
