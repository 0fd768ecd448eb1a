//! The register of processing activities: its list.

use askama::Template;
use axum::extract::State;

use super::{Page, PageResult, activity::value_lines};
use crate::{
    model::{Activity, ActivityStatus, FieldValue},
    web::{
        Labels, WebState, french,
        layout::{Layout, Section},
        town::Town,
    },
};

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    layout: Layout,
    town: String,
    active: Vec<Row>,
    archived: Vec<Row>,
}

struct Row {
    address: String,
    label: String,
    purposes: Vec<String>,
    legal_basis: Vec<String>,
    updated: String,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
) -> PageResult<impl Template> {
    let activities = town.store().activities().await?;
    let layout = town.layout(Section::Register, "Registre des activités de traitement");
    let name = town.organisation.name;
    Ok(Page(Register::new(layout, name, &activities, &web.labels)))
}

impl Register {
    fn new(layout: Layout, town: String, activities: &[Activity], labels: &Labels) -> Self {
        let base = layout.base().to_owned();
        let rows = |status| {
            let mut rows: Vec<Row> = activities
                .iter()
                .filter(|activity| activity.status == status)
                .map(|activity| Row::new(activity, labels, &base))
                .collect();
            rows.sort_by(|left, right| left.label.cmp(&right.label));
            rows
        };
        Self {
            active: rows(ActivityStatus::Active),
            archived: rows(ActivityStatus::Archived),
            layout,
            town,
        }
    }
}

impl Row {
    fn new(activity: &Activity, labels: &Labels, base: &str) -> Self {
        let lines = |name: &str| {
            activity
                .fields
                .iter()
                .find(|field| field.name == name)
                .map(|field| value_lines(field, labels))
                .unwrap_or_default()
        };
        Self {
            address: format!("{base}/registre/{}", activity.id),
            label: label(activity),
            purposes: lines("purposes"),
            legal_basis: lines("legal_basis"),
            updated: french::day(activity.updated_at),
        }
    }
}

/// The name of an activity.
pub(super) fn label(activity: &Activity) -> String {
    activity
        .fields
        .iter()
        .find(|field| field.name == "label")
        .and_then(|field| match &field.value {
            FieldValue::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
        .unwrap_or_else(|| "Traitement sans nom".to_owned())
}
