//! What belongs to a town is opened here, and only here: an address `/o/{organisation}/…` exists for those who may see
//! this town, and for nobody else.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::request::Parts,
    response::Redirect,
};

use super::{
    Labels, WebState,
    error::PageError,
    form::Form,
    layout::{Layout, Notice, Section},
    session::{SignedIn, Visitor},
};
use crate::{
    model::{Organisation, OrganisationId, Role, User},
    store::{OrganisationStore, Store},
};

/// A town, seen by somebody who may.
#[derive(Clone)]
pub(super) struct Town {
    pub(super) organisation: Organisation,
    pub(super) user: User,
    csrf: String,
    notice: Option<Notice>,
    store: Store,
    labels: Arc<Labels>,
}

/// A decision sent by somebody who may take it, from one of our forms.
pub(super) struct Act {
    pub(super) town: Town,
    pub(super) form: Form,
}

/// The `{id}` of the address. One that cannot be read leads nowhere.
pub(super) struct Id<T>(pub(super) T);

impl Town {
    pub(super) fn store(&self) -> OrganisationStore<'_> {
        self.store.of(self.organisation.id)
    }

    /// The address of a page of this town: `place` starts with a slash, or is empty.
    pub(super) fn address(&self, place: &str) -> String {
        format!("/o/{}{place}", self.organisation.id)
    }

    pub(super) fn layout(&self, section: Section, title: &str) -> Layout {
        Layout::of_town(
            &self.organisation,
            section,
            title,
            &self.user,
            &self.csrf,
            self.notice,
            &self.labels,
        )
    }

    pub(super) fn may_decide(&self) -> bool {
        self.user.role == Role::Dpo
    }

    /// Goes back to a page of this town after an act, and says there what was done.
    pub(super) fn done(&self, place: &str, notice: Notice) -> Redirect {
        Redirect::to(&format!("{}?fait={}", self.address(place), notice.code()))
    }
}

impl FromRequestParts<WebState> for Town {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, PageError> {
        let SignedIn(Visitor { user, csrf, .. }) = SignedIn::from_request_parts(parts, web).await?;
        let id: OrganisationId = path_parameter(parts, "organisation").await?;
        if !user.access.allows(id) {
            return Err(PageError::NotFound);
        }
        Ok(Self {
            organisation: web.store.organisation(id).await?,
            user,
            csrf,
            notice: Notice::of_query(parts.uri.query().unwrap_or("")),
            store: web.store.clone(),
            labels: web.labels.clone(),
        })
    }
}

impl FromRequest<WebState> for Act {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &WebState) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let town = Town::from_request_parts(&mut parts, web).await?;
        let form = Form::from_request(Request::from_parts(parts, body), web).await?;
        if !form.carries(&town.csrf) {
            return Err(PageError::ForeignForm);
        }
        if !town.may_decide() {
            return Err(PageError::Forbidden(
                "Votre compte permet de consulter, pas de décider. Demandez à votre délégué à la protection des \
                 données de le faire, ou à votre opérateur de changer votre rôle.",
            ));
        }
        Ok(Self { town, form })
    }
}

impl<T> FromRequestParts<WebState> for Id<T>
where
    T: FromStr,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Result<Self, PageError> {
        path_parameter(parts, "id").await.map(Self)
    }
}

async fn path_parameter<T: FromStr>(parts: &mut Parts, name: &str) -> Result<T, PageError> {
    let parameters = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|_| PageError::NotFound)?;
    parameters
        .iter()
        .find_map(|(key, value)| (key == name).then_some(value))
        .and_then(|value| value.parse().ok())
        .ok_or(PageError::NotFound)
}
