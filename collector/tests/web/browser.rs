//! A browser without a screen: it keeps its cookies, follows nothing by itself, and fills the forms it is shown.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tower::ServiceExt;

use super::world::{PASSWORD, World};
use beffroi_collector::web;

pub(crate) const HOST: &str = "beffroi.exemple";

#[derive(Clone)]
pub(crate) struct Browser {
    pages: Router,
    cookies: BTreeMap<String, String>,
    /// What it says to come from; a page of another site says something else.
    pub(crate) origin: Option<String>,
    pub(crate) address: SocketAddr,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn of(world: &World) -> Self {
        Self {
            pages: web::router(world.state.clone()),
            cookies: BTreeMap::new(),
            origin: Some(format!("http://{HOST}")),
            address: SocketAddr::from(([192, 0, 2, 1], 40_000)),
        }
    }

    pub(crate) async fn signed_in(world: &World, login: &str) -> Self {
        let mut browser = Self::of(world);
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let form = self.get("/connexion").await;
        let secret = form.csrf();
        let fields = [
            ("csrf", secret.as_str()),
            ("login", login),
            ("password", password),
        ];
        self.post("/connexion", &fields).await
    }

    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        self.request(Method::GET, address, &[]).await
    }

    /// Without a body, with these headers.
    pub(crate) async fn request(
        &mut self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.send(method, address, headers, Body::empty()).await
    }

    /// Sends exactly these fields.
    pub(crate) async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, address, &form, Body::from(body))
            .await
    }

    /// Sends these fields with the secret that a page of the session shows.
    pub(crate) async fn submit(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let secret = self.get("/compte").await.csrf();
        let mut fields = fields.to_vec();
        fields.push(("csrf", &secret));
        self.post(address, &fields).await
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(address)
            .header(header::HOST, HOST)
            .header(header::COOKIE, cookies.join("; "))
            .extension(ConnectInfo(self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(origin) = &self.origin
            && method == Method::POST
        {
            request = request.header(header::ORIGIN, origin);
        }
        let response = self
            .pages
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        self.keep_cookies(response.headers());
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location")
    }

    /// The secret of the first form.
    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self
            .text
            .split_once("name=\"csrf\" value=\"")
            .unwrap_or_else(|| panic!("no form in {} {}", self.status, self.text));
        rest.split('"').next().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(
            self.text.contains(text),
            "« {text} » is not in {}",
            self.text
        );
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) {
        assert!(!self.text.contains(text), "« {text} » is in {}", self.text);
    }
}
