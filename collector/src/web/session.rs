//! Who is there: the cookie, and the session that it opens.
//!
//! The cookie holds 256 random bits; the store only knows their SHA-256, so that reading the database opens no
//! session. A session ends after two idle hours, and after twelve hours in any case.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::{WebState, error::PageError};
use crate::{
    model::User,
    store::{Session, Store, StoreError},
};

const IDLE: SignedDuration = SignedDuration::from_hours(2);
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// The last visit is noted at most this often: a page that is read costs no write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Browsers refuse a `__Host-` cookie that another host, another path or plain http would set.
const COOKIE_HTTPS: &str = "__Host-beffroi";
const COOKIE_HTTP: &str = "beffroi";

/// Somebody with an open session, who may still have to replace a first password.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) user: User,
    pub(super) csrf: String,
    pub(super) token_hash: [u8; 32],
}

/// Somebody signed in for good.
#[derive(Clone)]
pub(super) struct SignedIn(pub(super) Visitor);

/// Opens a session; the header value hands its cookie to the browser.
pub(super) async fn open(web: &WebState, user: &User) -> Result<HeaderValue, PageError> {
    let now = web.now();
    let token = random_token();
    let expires_at = now.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
    web.store
        .open_session(user.id, hash(&token), &random_token(), now, expires_at)
        .await?;
    cookie(
        web,
        &format!(
            "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}",
            name(web),
            LONGEST.as_secs()
        ),
    )
}

/// Closes the session; the header value makes the browser forget its cookie.
pub(super) async fn close(web: &WebState, visitor: &Visitor) -> Result<HeaderValue, PageError> {
    web.store.close_session(visitor.token_hash).await?;
    cookie(
        web,
        &format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", name(web)),
    )
}

/// 256 random bits, in hexadecimal.
pub(super) fn random_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// The value of a cookie.
pub(super) fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

impl FromRequestParts<WebState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, PageError> {
        let Some(token) = cookie_value(&parts.headers, name(web)) else {
            return Err(sign_in_first(parts));
        };
        let token_hash = hash(token);
        let now = web.now();
        let Some(session) = live_session(&web.store, token_hash, now).await? else {
            return Err(sign_in_first(parts));
        };
        Ok(Self {
            user: session.user,
            csrf: session.csrf,
            token_hash,
        })
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, PageError> {
        let visitor = Visitor::from_request_parts(parts, web).await?;
        if visitor.user.must_change_password {
            return Err(PageError::ChangePassword);
        }
        Ok(Self(visitor))
    }
}

async fn live_session(
    store: &Store,
    token_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let Some(session) = store.session(token_hash, now).await? else {
        return Ok(None);
    };
    let idle = now.duration_since(session.last_seen_at);
    if idle >= IDLE {
        store.close_session(token_hash).await?;
        return Ok(None);
    }
    if idle >= NOTED_EVERY {
        store.touch_session(token_hash, now).await?;
    }
    Ok(Some(session))
}

/// A page that was asked for is shown after sign-in; a form that was sent is lost.
fn sign_in_first(parts: &Parts) -> PageError {
    let next = match parts.method {
        Method::GET => parts.uri.path_and_query().map_or("/", |page| page.as_str()),
        _ => "/",
    };
    PageError::SignIn {
        next: next.to_owned(),
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn name(web: &WebState) -> &'static str {
    if web.https { COOKIE_HTTPS } else { COOKIE_HTTP }
}

pub(super) fn cookie(web: &WebState, text: &str) -> Result<HeaderValue, PageError> {
    let secure = if web.https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{text}{secure}")).map_err(|_| PageError::BadForm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; beffroi=abc; b=2"),
        );
        assert_eq!(cookie_value(&headers, "beffroi"), Some("abc"));
        assert_eq!(cookie_value(&headers, "effroi"), None);
    }
}
