//! A person's HTTP client: signs in, keeps the cookie, sends forms as the pages do.

use std::collections::HashMap;

use reqwest::{Client, StatusCode};

use crate::collector::Collector;

pub struct Visitor {
    client: Client,
    origin: String,
    csrf: String,
}

impl Visitor {
    pub async fn sign_in(collector: &Collector, login: &str, password: &str) -> Self {
        // reqwest wants a provider even for plain HTTP; another story may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let origin = collector.url("");
        let mut visitor = Self {
            client,
            origin,
            csrf: String::new(),
        };
        let (_, page) = visitor.get("/connexion").await;
        visitor.csrf = csrf_of(&page);
        let (status, _) = visitor
            .post("/connexion", &[("login", login), ("password", password)])
            .await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{login} cannot sign in");
        let (_, page) = visitor.get("/compte").await;
        visitor.csrf = csrf_of(&page);
        visitor
    }

    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let response = self
            .client
            .get(format!("{}{path}", self.origin))
            .send()
            .await
            .expect("an answer");
        (response.status(), response.text().await.expect("text"))
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let mut form: HashMap<&str, &str> = fields.iter().copied().collect();
        form.insert("csrf", &self.csrf);
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header("Origin", &self.origin);
        let response = request.form(&form).send().await.expect("an answer");
        (response.status(), response.text().await.expect("text"))
    }
}

fn csrf_of(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.split('"').next().expect("a value").to_owned()
}
