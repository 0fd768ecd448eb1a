//! One file per page: its handlers, its context, and samples that a test renders.
//!
//! Contexts hold what is shown, in French already; templates only lay it out.

pub(super) mod account;
pub(super) mod activity;
pub(super) mod activity_form;
pub(super) mod allowances;
pub(super) mod census;
pub(super) mod file;
pub(super) mod files;
pub(super) mod gap;
pub(super) mod gaps;
pub(super) mod journal;
pub(super) mod machine;
pub(super) mod machines;
pub(super) mod matching;
pub(super) mod overview;
pub(super) mod proposal;
pub(super) mod proposals;
pub(super) mod register;
pub(super) mod sign_in;
pub(super) mod towns;

mod evidence;
mod pager;
mod updates;

use std::{collections::BTreeMap, convert::Infallible};

use askama::Template;
use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use super::{WebState, error::PageError, town::Town};
use crate::model::{Actor, MachineId};

/// A context on its way to the browser.
pub(super) struct Page<T>(T);

type PageResult<T> = Result<Page<T>, PageError>;

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => PageError::Render(error).into_response(),
        }
    }
}

/// What an address asks after its `?`. One that cannot be read asks nothing.
pub(super) struct Question<T>(T);

impl<T: DeserializeOwned + Default> FromRequestParts<WebState> for Question<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Self, Infallible> {
        let asked = Query::try_from_uri(&parts.uri).map(|Query(asked)| asked);
        Ok(Self(asked.unwrap_or_default()))
    }
}

/// The names of the machines, for pages that only know their ids.
struct MachineNames(BTreeMap<MachineId, String>);

impl MachineNames {
    async fn of(town: &Town) -> Result<Self, PageError> {
        let machines = town.store().machines().await?;
        Ok(Self(
            machines
                .into_iter()
                .map(|machine| (machine.id, machine.host_name))
                .collect(),
        ))
    }

    fn name(&self, machine: MachineId) -> String {
        self.0
            .get(&machine)
            .cloned()
            .unwrap_or_else(|| "poste inconnu".to_owned())
    }

    fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::User { name, .. } => name.clone(),
            Actor::Agent { machine } => format!("Agent du poste {}", self.name(*machine)),
            Actor::Operator => "Opérateur".to_owned(),
        }
    }

    /// By name, for lists to choose from.
    fn sorted(&self) -> Vec<(MachineId, String)> {
        let mut machines: Vec<_> = self.0.clone().into_iter().collect();
        machines.sort_by(|(_, left), (_, right)| left.cmp(right));
        machines
    }
}
