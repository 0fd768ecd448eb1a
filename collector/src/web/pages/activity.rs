//! One entry of the register: what article 30 asks for, and where each word comes from.

use askama::Template;
use axum::{extract::State, response::Redirect};

use super::{Page, PageResult, register::label};
use crate::{
    model::{
        Activity, ActivityField, ActivityId, ActivityStatus, FieldValue, Provenance, Retention,
    },
    web::{
        Labels, WebState,
        error::PageError,
        french,
        labels::Chip,
        layout::{Layout, Notice, Section},
        town::{Act, Id, Town},
    },
};

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    layout: Layout,
    address: String,
    label: String,
    town: String,
    archived: bool,
    created: String,
    updated: String,
    fields: Vec<FieldBlock>,
    may_decide: bool,
}

struct FieldBlock {
    name: String,
    lines: Vec<String>,
    retentions: Vec<Retention>,
    origin: Chip,
    origin_detail: String,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<ActivityId>,
) -> PageResult<impl Template> {
    let activity = town.store().activity(id).await?;
    let layout = town.layout(Section::Register, &label(&activity));
    let may_decide = town.may_decide();
    let name = town.organisation.name;
    let page = ActivityPage::new(layout, name, &activity, &web.labels, may_decide);
    Ok(Page(page))
}

pub(in crate::web) async fn archive(
    State(web): State<WebState>,
    Id(id): Id<ActivityId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .archive_activity(id, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/registre/{id}"), Notice::Archived))
}

pub(in crate::web) async fn restore(
    State(web): State<WebState>,
    Id(id): Id<ActivityId>,
    Act { town, .. }: Act,
) -> Result<Redirect, PageError> {
    town.store()
        .restore_activity(id, &town.user, web.now())
        .await?;
    Ok(town.done(&format!("/registre/{id}"), Notice::Restored))
}

impl ActivityPage {
    fn new(
        layout: Layout,
        town: String,
        activity: &Activity,
        labels: &Labels,
        may_decide: bool,
    ) -> Self {
        let fields = activity
            .fields
            .iter()
            .filter(|field| field.name != "label")
            .map(|field| FieldBlock::new(field, labels))
            .collect();
        Self {
            address: format!("{}/registre/{}", layout.base(), activity.id),
            label: label(activity),
            archived: activity.status == ActivityStatus::Archived,
            created: french::moment(activity.created_at),
            updated: french::moment(activity.updated_at),
            fields,
            may_decide,
            layout,
            town,
        }
    }
}

impl FieldBlock {
    fn new(field: &ActivityField, labels: &Labels) -> Self {
        let retentions = match &field.value {
            FieldValue::Retention(retentions) => retentions.clone(),
            FieldValue::Text(_) | FieldValue::List(_) => Vec::new(),
        };
        let (origin, origin_detail) = origin(&field.provenance, labels);
        Self {
            name: labels.field(&field.name),
            lines: value_lines(field, labels),
            retentions,
            origin,
            origin_detail,
        }
    }
}

/// The value of a field as lines of text; retention periods have a table of their own.
pub(super) fn value_lines(field: &ActivityField, labels: &Labels) -> Vec<String> {
    match &field.value {
        FieldValue::Text(text) if text.is_empty() => Vec::new(),
        FieldValue::Text(text) => vec![labels.field_value(&field.name, text)],
        FieldValue::List(items) => items
            .iter()
            .map(|item| labels.field_value(&field.name, item))
            .collect(),
        FieldValue::Retention(_) => Vec::new(),
    }
}

fn origin(provenance: &Provenance, labels: &Labels) -> (Chip, String) {
    let detail = match provenance {
        Provenance::Rule { rule, version, at } => {
            format!("{rule}, version {version}, le {}", french::day(*at))
        }
        Provenance::Scan { at } => format!("constaté le {}", french::day(*at)),
        Provenance::Person { name, at } => format!("{name}, le {}", french::day(*at)),
    };
    (labels.provenance(provenance), detail)
}
