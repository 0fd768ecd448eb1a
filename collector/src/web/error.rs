//! What can go wrong with a request, and the French page that says so.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::password::PasswordError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// Nobody is signed in; afterwards, the browser may go on to this page.
    #[error("sign-in required")]
    SignIn { next: String },
    /// The first password was given by somebody else: it must be replaced before anything else.
    #[error("the password must be changed")]
    ChangePassword,
    /// Also for what exists but belongs to a town that the visitor may not see.
    #[error("no such page")]
    NotFound,
    /// The sentence says what the visitor may not do.
    #[error("forbidden")]
    Forbidden(&'static str),
    /// The form did not come from one of our pages, or from one of another session.
    #[error("a form that is not ours")]
    ForeignForm,
    #[error("an unreadable form")]
    BadForm,
    #[error("a form too large")]
    FormTooLarge,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("a page could not be rendered")]
    Render(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: &'static str,
    sentence: String,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, sentence) = match self {
            Self::SignIn { next } => return Redirect::to(&sign_in_address(&next)).into_response(),
            Self::ChangePassword => return Redirect::to("/compte").into_response(),
            Self::NotFound | Self::Store(StoreError::NotFound) => not_found(),
            Self::Forbidden(sentence) => (
                StatusCode::FORBIDDEN,
                "Action non permise",
                sentence.to_owned(),
            ),
            Self::ForeignForm => (
                StatusCode::FORBIDDEN,
                "Formulaire refusé",
                "Ce formulaire n’a pas été envoyé depuis une page ouverte dans cette session. Revenez à la page, \
                 rechargez-la, puis recommencez : rien n’a été modifié."
                    .to_owned(),
            ),
            Self::BadForm => (
                StatusCode::BAD_REQUEST,
                "Formulaire illisible",
                "Le formulaire reçu est incomplet. Revenez à la page et recommencez : rien n’a été modifié."
                    .to_owned(),
            ),
            Self::FormTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Formulaire trop long",
                "Le texte envoyé est trop long. Raccourcissez-le, puis recommencez : rien n’a été modifié."
                    .to_owned(),
            ),
            Self::Store(StoreError::Conflict(_)) => (
                StatusCode::CONFLICT,
                "Déjà traité",
                "Quelqu’un a changé cet élément entre-temps, ou l’action a été envoyée deux fois. Revenez à la page \
                 pour voir où il en est."
                    .to_owned(),
            ),
            failure @ (Self::Store(_) | Self::Password(_) | Self::Render(_)) => {
                tracing::error!(error = %failure, "a page failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "La page n’a pas pu être préparée",
                    "Le collecteur a rencontré une erreur ; elle est inscrite dans son journal technique. Réessayez \
                     dans un instant, puis prévenez votre opérateur si cela continue."
                        .to_owned(),
                )
            }
        };
        error_page(status, title, sentence)
    }
}

/// For an address that leads nowhere.
pub(super) async fn nowhere() -> PageError {
    PageError::NotFound
}

fn not_found() -> (StatusCode, &'static str, String) {
    (
        StatusCode::NOT_FOUND,
        "Page introuvable",
        "Cette page n’existe pas, ou votre compte n’y donne pas accès.".to_owned(),
    )
}

fn error_page(status: StatusCode, title: &'static str, sentence: String) -> Response {
    match (ErrorPage { title, sentence }).render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, title).into_response(),
    }
}

fn sign_in_address(next: &str) -> String {
    if next == "/" {
        return "/connexion".to_owned();
    }
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("suite", next)
        .finish();
    format!("/connexion?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_store_shows_a_page_and_not_its_words() {
        let failure = StoreError::Unavailable("disk I/O error at page 7".into());
        let response = PageError::from(failure).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn the_page_to_go_on_to_is_kept_as_one_value() {
        assert_eq!(sign_in_address("/"), "/connexion");
        assert_eq!(
            sign_in_address("/o/1/fichiers?q=a&type=nir"),
            "/connexion?suite=%2Fo%2F1%2Ffichiers%3Fq%3Da%26type%3Dnir"
        );
    }
}
