//! The towns that a person may see: the first page after sign-in.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::Page;
use crate::{
    model::Organisation,
    web::{Labels, WebState, error::PageError, layout::Layout, session::SignedIn},
};

#[derive(Template)]
#[template(path = "towns.html")]
struct Towns {
    layout: Layout,
    rows: Vec<Row>,
}

struct Row {
    address: String,
    name: String,
    kind: String,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    SignedIn(visitor): SignedIn,
) -> Result<Response, PageError> {
    let mut organisations = web.store.organisations().await?;
    organisations.retain(|organisation| visitor.user.access.allows(organisation.id));
    if let [only] = organisations.as_slice() {
        return Ok(Redirect::to(&format!("/o/{}", only.id)).into_response());
    }
    let layout = Layout::of_person(
        "Vos collectivités",
        &visitor.user,
        &visitor.csrf,
        None,
        &web.labels,
    );
    Ok(Page(Towns::new(layout, organisations, &web.labels)).into_response())
}

impl Towns {
    fn new(layout: Layout, organisations: Vec<Organisation>, labels: &Labels) -> Self {
        let rows = organisations
            .into_iter()
            .map(|organisation| Row {
                address: format!("/o/{}", organisation.id),
                kind: labels.organisation_kind(organisation.kind),
                name: organisation.name,
            })
            .collect();
        Self { layout, rows }
    }
}
