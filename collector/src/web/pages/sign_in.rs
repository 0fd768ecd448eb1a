//! Signing in and out.
//!
//! There is no session yet when the form is sent: its secret is held by a cookie of its own, which another site can
//! neither read nor set.

use askama::Template;
use axum::{
    extract::{ConnectInfo, FromRequestParts, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::{convert::Infallible, net::SocketAddr};
use zeroize::Zeroizing;

use super::{Page, Question};
use crate::{
    model::User,
    web::{
        WebState,
        error::PageError,
        form::{Form, Posted},
        layout::Layout,
        password, session, throttle,
    },
};

/// Holds the secret of the sign-in form.
const FORM_COOKIE: &str = "beffroi-connexion";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    layout: Layout,
    secret: String,
    login: String,
    /// Where to go on to.
    next: String,
    problem: Option<String>,
}

#[derive(Default, Deserialize)]
pub(in crate::web) struct After {
    suite: Option<String>,
}

/// The address that a visitor comes from: their own, or the one that the proxy saw.
pub(in crate::web) struct Address(String);

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    headers: HeaderMap,
    Question(after): Question<After>,
) -> Result<Response, PageError> {
    let next = local(after.suite.as_deref().unwrap_or("/")).to_owned();
    form(&web, &headers, StatusCode::OK, "", next, None)
}

pub(in crate::web) async fn submit(
    State(web): State<WebState>,
    Address(address): Address,
    headers: HeaderMap,
    sent: Form,
) -> Result<Response, PageError> {
    let expected = session::cookie_value(&headers, FORM_COOKIE).unwrap_or("");
    if expected.is_empty() || !sent.carries(expected) {
        return Err(PageError::ForeignForm);
    }
    let login = sent.text("login").to_lowercase();
    let next = local(sent.text("suite")).to_owned();
    let password = Zeroizing::new(sent.exact("password").to_owned());

    match check(&web, &login, &address, password).await? {
        Check::Right(user) => {
            let cookie = session::open(&web, &user).await?;
            let forget = form_cookie(&web, "", 0)?;
            let cookies =
                AppendHeaders([(header::SET_COOKIE, cookie), (header::SET_COOKIE, forget)]);
            Ok((cookies, Redirect::to(&next)).into_response())
        }
        Check::Wrong => form(
            &web,
            &headers,
            StatusCode::UNAUTHORIZED,
            &login,
            next,
            Some("Identifiant ou mot de passe incorrect.".to_owned()),
        ),
        Check::TooMany => form(
            &web,
            &headers,
            StatusCode::TOO_MANY_REQUESTS,
            &login,
            next,
            Some(format!(
                "Trop d’essais infructueux. Attendez {} minutes avant de recommencer ; si vous avez oublié votre mot \
                 de passe, votre opérateur peut en définir un autre.",
                throttle::WINDOW_MINUTES
            )),
        ),
    }
}

pub(in crate::web) async fn leave(
    State(web): State<WebState>,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let forget = session::close(&web, &visitor).await?;
    let cookies = AppendHeaders([(header::SET_COOKIE, forget)]);
    Ok((cookies, Redirect::to("/connexion")).into_response())
}

enum Check {
    Right(User),
    Wrong,
    TooMany,
}

/// The failure is written before the password is looked at, and erased when it is right: guesses sent at the same
/// time all count.
async fn check(
    web: &WebState,
    login: &str,
    address: &str,
    password: Zeroizing<String>,
) -> Result<Check, PageError> {
    let now = web.now();
    let (of_login, of_address) = web
        .store
        .login_failures_since(login, address, throttle::window_start(now))
        .await?;
    if throttle::refuses(of_login, of_address) {
        return Ok(Check::TooMany);
    }
    web.store.record_login_failure(login, address, now).await?;

    let known = web.store.user_by_login(login).await?;
    let active = known.filter(|(user, _)| user.disabled_at.is_none());
    let (user, stored) = active.unzip();
    let right = password::verify(password, stored).await?;
    let Some(user) = user.filter(|_| right) else {
        return Ok(Check::Wrong);
    };
    web.store.clear_login_failures(login).await?;
    Ok(Check::Right(user))
}

/// The sign-in form, with the secret that this browser already has or a fresh one.
fn form(
    web: &WebState,
    headers: &HeaderMap,
    status: StatusCode,
    login: &str,
    next: String,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let secret = match session::cookie_value(headers, FORM_COOKIE) {
        Some(secret) if well_formed(secret) => secret.to_owned(),
        _ => session::random_token(),
    };
    let cookie = form_cookie(web, &secret, 3_600)?;
    let page = SignIn {
        layout: Layout::of_nobody("Connexion"),
        secret,
        login: login.to_owned(),
        next,
        problem,
    };
    Ok((
        status,
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Page(page),
    )
        .into_response())
}

fn well_formed(secret: &str) -> bool {
    secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn form_cookie(web: &WebState, secret: &str, seconds: u32) -> Result<HeaderValue, PageError> {
    session::cookie(
        web,
        &format!(
            "{FORM_COOKIE}={secret}; Path=/connexion; HttpOnly; SameSite=Strict; Max-Age={seconds}"
        ),
    )
}

/// Only an address of ours: the sign-in page leads to no other site.
fn local(next: &str) -> &str {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.chars().all(|character| !character.is_control());
    if inside { next } else { "/" }
}

impl FromRequestParts<WebState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, Infallible> {
        let told_by_proxy = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .filter(|_| web.behind_proxy)
            .and_then(|line| line.to_str().ok())
            .and_then(|line| line.rsplit(',').next())
            .map(|address| address.trim().to_owned());
        let connected = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip().to_string());
        let address = told_by_proxy.or(connected).unwrap_or_default();
        Ok(Self(address.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_to_our_own_pages_only() {
        assert_eq!(local("/o/1/fichiers?q=a"), "/o/1/fichiers?q=a");
        for elsewhere in [
            "https://autre.example",
            "//autre.example",
            "/\\autre.example",
            "",
            "/\n",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
