//! One's own account: changing the password, which a first sign-in asks for.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use zeroize::Zeroizing;

use super::Page;
use crate::web::{
    Labels, WebState,
    error::PageError,
    form::Posted,
    layout::{Layout, Notice},
    password,
    session::{self, Visitor},
};

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    layout: Layout,
    login: String,
    /// The present password was given by somebody else.
    first_time: bool,
    problem: Option<&'static str>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let notice = query.as_deref().and_then(Notice::of_query);
    Page(Account::new(&visitor, notice, None, &web.labels)).into_response()
}

/// Closes every session of the user, wherever it is open, then opens a fresh one here.
pub(in crate::web) async fn change_password(
    State(web): State<WebState>,
    Posted { visitor, form }: Posted,
) -> Result<Response, PageError> {
    let secret = |name| Zeroizing::new(form.exact(name).to_owned());
    let (current, chosen, again) = (secret("current"), secret("new"), secret("again"));
    let refuse = |problem| {
        let page = Account::new(&visitor, None, Some(problem), &web.labels);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
    };

    let user = &visitor.user;
    let stored = web.store.user_by_login(&user.login).await?;
    if !password::verify(current.clone(), stored.map(|(_, hash)| hash)).await? {
        return refuse("Le mot de passe actuel n’est pas le bon.");
    }
    if chosen != again {
        return refuse("Les deux saisies du nouveau mot de passe diffèrent.");
    }
    if chosen == current {
        return refuse("Le nouveau mot de passe doit être différent de l’actuel.");
    }
    if let Some(weakness) = password::weakness(&chosen, &user.login) {
        return refuse(weakness.sentence());
    }

    let hash = password::hash(chosen).await?;
    web.store
        .set_password(user.id, &hash, false, web.now())
        .await?;
    web.store.close_sessions_of(user.id).await?;
    let cookie = session::open(&web, user).await?;
    let target = format!("/compte?fait={}", Notice::PasswordChanged.code());
    let cookies = AppendHeaders([(header::SET_COOKIE, cookie)]);
    Ok((cookies, Redirect::to(&target)).into_response())
}

impl Account {
    fn new(
        visitor: &Visitor,
        notice: Option<Notice>,
        problem: Option<&'static str>,
        labels: &Labels,
    ) -> Self {
        Self {
            layout: Layout::of_person("Votre compte", &visitor.user, &visitor.csrf, notice, labels),
            login: visitor.user.login.clone(),
            first_time: visitor.user.must_change_password,
            problem,
        }
    }
}
