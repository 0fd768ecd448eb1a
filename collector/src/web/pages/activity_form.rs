//! Writing an entry of the register: accepting a proposal, or amending what is there.
//!
//! Both show the same form. What a person leaves as it was keeps its provenance; what they change becomes their word.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{Page, PageResult};
use crate::{
    model::{
        ActivityField, ActivityId, FieldValue, ProposalId, ProposalStatus, Provenance, Retention,
        User,
    },
    store::StoreError,
    web::{
        Labels, WebState,
        error::PageError,
        form::Form,
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

/// Empty lines offered after the known retention periods.
const BLANK_RETENTIONS: usize = 1;

#[derive(Template)]
#[template(path = "activity_form.html")]
struct ActivityForm {
    layout: Layout,
    title: &'static str,
    intro: &'static str,
    submit: &'static str,
    /// Where the form goes, and where giving up leads.
    action: String,
    back: String,
    problem: Option<&'static str>,
    inputs: Vec<Input>,
}

struct Input {
    name: &'static str,
    label: String,
    hint: &'static str,
    shape: Shape,
    text: String,
    rows: usize,
    retentions: Vec<Retention>,
}

/// What a field is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Line,
    Paragraph,
    /// One item per line.
    List,
    Retentions,
}

/// The fields of article 30 and their neighbours, in the order of the CNIL's sheet.
const SHEET: [(&str, Shape, &str); 17] = [
    ("label", Shape::Line, ""),
    (
        "controller",
        Shape::Paragraph,
        "Nom et coordonnées du responsable ; le cas échéant, responsables conjoints.",
    ),
    (
        "purposes",
        Shape::List,
        "Une finalité par ligne, la principale d’abord.",
    ),
    (
        "legal_basis",
        Shape::List,
        "Une base légale par ligne (RGPD, art. 6).",
    ),
    ("legal_texts", Shape::List, "Un texte par ligne."),
    (
        "data_subjects",
        Shape::List,
        "Une catégorie de personnes par ligne.",
    ),
    (
        "data_categories",
        Shape::List,
        "Une catégorie de données par ligne.",
    ),
    (
        "sensitive_categories",
        Shape::List,
        "Données des articles 9 et 10, et numéro de sécurité sociale ; une par ligne.",
    ),
    (
        "nir",
        Shape::Paragraph,
        "À quel titre le numéro de sécurité sociale peut être traité.",
    ),
    (
        "recipients",
        Shape::List,
        "Un destinataire par ligne, internes et externes.",
    ),
    ("processors", Shape::List, "Un sous-traitant par ligne."),
    (
        "transfers",
        Shape::List,
        "Transferts hors de l’Union européenne et leurs garanties ; vide s’il n’y en a pas.",
    ),
    ("retention", Shape::Retentions, ""),
    ("security_measures", Shape::List, "Une mesure par ligne."),
    ("software", Shape::List, "Un logiciel par ligne."),
    (
        "dpia",
        Shape::Paragraph,
        "Faut-il une analyse d’impact (AIPD), et pourquoi.",
    ),
    ("notes", Shape::Paragraph, ""),
];

pub(in crate::web) async fn show_acceptance(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<ProposalId>,
) -> PageResult<impl Template> {
    let fields = proposed(&web, &town, id).await?;
    Ok(Page(ActivityForm::acceptance(
        &town,
        id,
        &fields,
        &web.labels,
    )))
}

pub(in crate::web) async fn accept(
    State(web): State<WebState>,
    Id(id): Id<ProposalId>,
    Act { town, form }: Act,
) -> Result<Response, PageError> {
    let before = proposed(&web, &town, id).await?;
    let fields = merge(&before, &form, &web.labels, &town.user, web.now());
    if !has_label(&fields) {
        let page = ActivityForm::acceptance(&town, id, &fields, &web.labels);
        return Ok(page.incomplete());
    }
    let activity = town
        .store()
        .accept_proposal(id, fields, &town.user, web.now())
        .await?;
    let place = format!("/registre/{}", activity.id);
    Ok(town.done(&place, Notice::Accepted).into_response())
}

pub(in crate::web) async fn show_amendment(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<ActivityId>,
) -> PageResult<impl Template> {
    let activity = town.store().activity(id).await?;
    let page = ActivityForm::amendment(&town, id, &activity.fields, &web.labels);
    Ok(Page(page))
}

pub(in crate::web) async fn amend(
    State(web): State<WebState>,
    Id(id): Id<ActivityId>,
    Act { town, form }: Act,
) -> Result<Response, PageError> {
    let before = town.store().activity(id).await?.fields;
    let fields = merge(&before, &form, &web.labels, &town.user, web.now());
    if !has_label(&fields) {
        let page = ActivityForm::amendment(&town, id, &fields, &web.labels);
        return Ok(page.incomplete());
    }
    town.store()
        .amend_activity(id, fields, &town.user, web.now())
        .await?;
    Ok(town
        .done(&format!("/registre/{id}"), Notice::Amended)
        .into_response())
}

/// The entry that an open proposal stands for.
async fn proposed(
    web: &WebState,
    town: &Town,
    id: ProposalId,
) -> Result<Vec<ActivityField>, PageError> {
    let proposal = town.store().proposal(id).await?;
    if proposal.status != ProposalStatus::Open {
        let already = StoreError::Conflict("the proposal is already decided".to_owned());
        return Err(already.into());
    }
    Ok((web.prefill)(&town.organisation, &proposal, web.now()))
}

/// The fields as the form leaves them.
fn merge(
    before: &[ActivityField],
    form: &Form,
    labels: &Labels,
    by: &User,
    now: Timestamp,
) -> Vec<ActivityField> {
    let mut fields: Vec<ActivityField> = SHEET
        .iter()
        .filter_map(|(name, shape, _)| {
            let known = before.iter().find(|field| field.name == *name);
            let value = sent(name, *shape, form, known, labels);
            match known {
                Some(field) if field.value == value => Some(field.clone()),
                None if is_empty(&value) => None,
                _ => Some(ActivityField {
                    name: (*name).to_owned(),
                    value,
                    provenance: Provenance::Person {
                        name: by.name.clone(),
                        at: now,
                    },
                }),
            }
        })
        .collect();
    // What the form does not show is not lost.
    let others = before
        .iter()
        .filter(|field| SHEET.iter().all(|(name, ..)| field.name != *name));
    fields.extend(others.cloned());
    fields
}

/// The value that was sent, in the form of the known one when it says the same: an id of the rules that a person left
/// as its French label stays an id.
fn sent(
    name: &str,
    shape: Shape,
    form: &Form,
    known: Option<&ActivityField>,
    labels: &Labels,
) -> FieldValue {
    if shape == Shape::Retentions {
        return FieldValue::Retention(sent_retentions(form, known));
    }
    let text = form.text(name).replace("\r\n", "\n");
    if let Some(field) = known
        && shown(field, labels).trim() == text
    {
        return field.value.clone();
    }
    match shape {
        Shape::List => FieldValue::List(
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
        Shape::Line | Shape::Paragraph | Shape::Retentions => FieldValue::Text(text),
    }
}

/// One retention period for each line of the form that says anything.
fn sent_retentions(form: &Form, known: Option<&ActivityField>) -> Vec<Retention> {
    let known = match known.map(|field| &field.value) {
        Some(FieldValue::Retention(retentions)) => retentions.as_slice(),
        _ => &[],
    };
    let mut durations = form.all("retention.duration");
    let mut triggers = form.all("retention.trigger");
    let mut ends = form.all("retention.end");
    let mut sources = form.all("retention.source");
    form.all("retention.what")
        .map(|what| Retention {
            what: what.trim().to_owned(),
            duration: durations.next().unwrap_or("").trim().to_owned(),
            trigger: triggers.next().unwrap_or("").trim().to_owned(),
            end: ends.next().unwrap_or("").trim().to_owned(),
            source: sources.next().unwrap_or("").trim().to_owned(),
            confidence: String::new(),
        })
        .filter(|retention| !retention.what.is_empty() || !retention.duration.is_empty())
        .map(|retention| {
            // How sure a rule is stays with its words; a person's words need no such mark.
            let same = known.iter().find(|known| {
                Retention {
                    confidence: String::new(),
                    ..(*known).clone()
                } == retention
            });
            same.cloned().unwrap_or(retention)
        })
        .collect()
}

/// The text of a field as the form shows it.
fn shown(field: &ActivityField, labels: &Labels) -> String {
    super::activity::value_lines(field, labels).join("\n")
}

fn is_empty(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => text.is_empty(),
        FieldValue::List(items) => items.is_empty(),
        FieldValue::Retention(retentions) => retentions.is_empty(),
    }
}

fn has_label(fields: &[ActivityField]) -> bool {
    fields
        .iter()
        .any(|field| field.name == "label" && !is_empty(&field.value))
}

impl ActivityForm {
    fn acceptance(town: &Town, id: ProposalId, fields: &[ActivityField], labels: &Labels) -> Self {
        let layout = town.layout(Section::Proposals, "Inscrire au registre");
        Self {
            title: "Inscrire ce traitement au registre",
            intro: "Le modèle a rempli ce qu’il pouvait. Corrigez ce qui ne correspond pas à votre collectivité : vos \
                    mots ne seront jamais remplacés par une analyse.",
            submit: "Inscrire au registre",
            action: town.address(&format!("/propositions/{id}/acceptation")),
            back: town.address(&format!("/propositions/{id}")),
            problem: None,
            inputs: inputs(fields, labels),
            layout,
        }
    }

    fn amendment(town: &Town, id: ActivityId, fields: &[ActivityField], labels: &Labels) -> Self {
        let layout = town.layout(Section::Register, "Modifier le traitement");
        Self {
            title: "Modifier le traitement",
            intro: "Chaque champ que vous changez portera votre nom et la date.",
            submit: "Enregistrer",
            action: town.address(&format!("/registre/{id}/modification")),
            back: town.address(&format!("/registre/{id}")),
            problem: None,
            inputs: inputs(fields, labels),
            layout,
        }
    }

    fn incomplete(self) -> Response {
        let page = Self {
            problem: Some("Donnez un nom au traitement."),
            ..self
        };
        (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
    }
}

fn inputs(fields: &[ActivityField], labels: &Labels) -> Vec<Input> {
    SHEET
        .iter()
        .map(|(name, shape, hint)| {
            let field = fields.iter().find(|field| field.name == *name);
            let text = field.map(|field| shown(field, labels)).unwrap_or_default();
            let mut retentions = match field.map(|field| &field.value) {
                Some(FieldValue::Retention(retentions)) => retentions.clone(),
                _ => Vec::new(),
            };
            let blanks = std::iter::repeat_with(blank_retention).take(BLANK_RETENTIONS);
            retentions.extend(blanks);
            Input {
                name,
                label: labels.field(name),
                hint,
                shape: *shape,
                rows: text.lines().count().clamp(1, 10) + 1,
                text,
                retentions,
            }
        })
        .collect()
}

fn blank_retention() -> Retention {
    Retention {
        what: String::new(),
        duration: String::new(),
        trigger: String::new(),
        end: String::new(),
        source: String::new(),
        confidence: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_sheet_has_a_french_name() {
        let glossary = beffroi_rules::pack::Pack::embedded().unwrap().glossary;
        for (name, ..) in SHEET {
            assert!(glossary.label("field", name).is_some(), "{name}");
        }
    }
}
