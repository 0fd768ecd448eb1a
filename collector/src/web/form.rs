//! Forms, and the proof that our own page sent them.
//!
//! Two checks, each sufficient in today's browsers: the `Origin` that the browser writes must be ours, and the form
//! must carry the secret of the session that it was shown in.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header},
};

use super::{WebState, error::PageError, session::Visitor};

/// The name of the hidden field.
const CSRF: &str = "csrf";

/// The fields of a form, in the order of the page; a name may come several times.
#[derive(Clone, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

/// A form sent by a person with an open session, from a page of this session.
pub(super) struct Posted {
    pub(super) visitor: Visitor,
    pub(super) form: Form,
}

impl Form {
    fn parse(body: &[u8]) -> Self {
        Self {
            fields: form_urlencoded::parse(body).into_owned().collect(),
        }
    }

    /// The text of a field without surrounding spaces; empty when the field is missing.
    pub(super) fn text<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or("").trim()
    }

    /// The text of a field as it was typed: for passwords.
    pub(super) fn exact<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or("")
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn carries(&self, secret: &str) -> bool {
        same(self.exact(CSRF), secret)
    }
}

impl FromRequest<WebState> for Form {
    type Rejection = PageError;

    /// Reads a form of our origin; its secret is still to be checked.
    async fn from_request(request: Request, web: &WebState) -> Result<Self, PageError> {
        if !comes_from_here(request.headers(), web.https) {
            return Err(PageError::ForeignForm);
        }
        let body =
            Bytes::from_request(request, web)
                .await
                .map_err(|refused| match refused.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => PageError::FormTooLarge,
                    _ => PageError::BadForm,
                })?;
        Ok(Self::parse(&body))
    }
}

impl FromRequest<WebState> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &WebState) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, web).await?;
        let form = Form::from_request(Request::from_parts(parts, body), web).await?;
        if !form.carries(&visitor.csrf) {
            return Err(PageError::ForeignForm);
        }
        Ok(Self { visitor, form })
    }
}

/// Browsers send `Origin` with every post. A request without it comes from a program, which no other site can drive:
/// there, the secret alone decides.
fn comes_from_here(headers: &HeaderMap, https: bool) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let (Ok(origin), Some(Ok(host))) = (
        origin.to_str(),
        headers.get(header::HOST).map(|host| host.to_str()),
    ) else {
        return false;
    };
    match origin.split_once("://") {
        Some(("https", authority)) => authority.eq_ignore_ascii_case(host),
        Some(("http", authority)) => !https && authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Compares without stopping at the first difference.
fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .fold(0, |difference, (a, b)| difference | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn from(origin: Option<&'static str>, https: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::HOST,
            HeaderValue::from_static("beffroi.example:8443"),
        );
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        comes_from_here(&headers, https)
    }

    #[test]
    fn accepts_our_origin_and_programs_without_one() {
        assert!(from(Some("https://beffroi.example:8443"), true));
        assert!(from(Some("http://beffroi.example:8443"), false));
        assert!(from(None, true));
    }

    #[test]
    fn refuses_another_site_another_port_plain_http_and_null() {
        assert!(!from(Some("https://autre.example"), true));
        assert!(!from(Some("https://beffroi.example"), true));
        assert!(!from(Some("http://beffroi.example:8443"), true));
        assert!(!from(Some("null"), true));
    }

    #[test]
    fn a_missing_secret_is_never_the_right_one() {
        let form = Form::parse(b"a=1&csrf=abc");
        assert!(form.carries("abc"));
        assert!(!form.carries("abd"));
        assert!(!Form::parse(b"a=1").carries("abc"));
    }

    #[test]
    fn reads_repeated_and_encoded_fields() {
        let form = Form::parse("a=+%C3%A9t%C3%A9+&b=1&b=2".as_bytes());
        assert_eq!(form.text("a"), "été");
        assert_eq!(form.all("b").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.text("c"), "");
    }
}
