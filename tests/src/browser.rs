//! A real Chromium without a window, driven as a person would: pages, clicks, fields, keys.
//!
//! In: an address and CSS selectors. Out: what the page shows, what the console complained about, pictures. Each
//! [`Browser`] has a driver, a port and a profile of its own, so that stories run side by side; all three end with it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
    time::{Duration, Instant},
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::json;
use tempfile::TempDir;

pub use fantoccini::key::Key;

/// How long a page may take to show what a story waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// No sandbox, because tests often run as root. The rest keeps Chromium from calling its maker.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    pub async fn open() -> Self {
        let driver = Driver::start();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(driver.profile.path()))
            .connect(&driver.address())
            .await
            .expect("Chromium starts");
        Self {
            client,
            _driver: driver,
        }
    }

    pub async fn goto(&self, url: &str) {
        self.client
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Signs in to the collector whose pages begin with `collector`, and stays on the page that it answers.
    pub async fn sign_in(&self, collector: &str, login: &str, password: &str) {
        self.goto(&format!("{}/connexion", collector.trim_end_matches('/')))
            .await;
        self.fill("#login", login).await;
        self.fill("#password", password).await;
        self.submit("form:has(#password)").await;
    }

    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("an address").into()
    }

    /// What a person reads in the first element that matches, once there is one.
    pub async fn text(&self, css: &str) -> String {
        let element = self.element(css).await;
        element
            .text()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// What a person reads in each element that matches: none when there is none.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let elements = self.client.find_all(Locator::Css(css)).await;
        let mut texts = Vec::new();
        for element in elements.unwrap_or_else(|error| panic!("{css}: {error}")) {
            texts.push(
                element
                    .text()
                    .await
                    .unwrap_or_else(|error| panic!("{css}: {error}")),
            );
        }
        texts
    }

    /// Clicks the first element that matches, once there is one; returns when the page that follows is loaded.
    pub async fn click(&self, css: &str) {
        let element = self.element(css).await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, css: &str, value: &str) {
        let field = self.element(css).await;
        field
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
        field
            .send_keys(value)
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Chooses an option of a `select` by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        let field = self.element(css).await;
        field
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks the first submit button of a form (one without is of no use to a person); returns when the page that
    /// answers is there.
    pub async fn submit(&self, form: &str) {
        // A click may return before the browser has left the page: the mark goes with the page.
        let mark = self
            .client
            .execute("window.submitted = true", Vec::new())
            .await;
        mark.unwrap_or_else(|error| panic!("{form}: {error}"));
        self.click(&format!("{form} :is(button:not([type]), [type=submit])"))
            .await;
        let start = Instant::now();
        while !self.has_answered().await {
            assert!(start.elapsed() < PATIENCE, "{form} gets no answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn has_answered(&self) -> bool {
        let script = "return !window.submitted && document.readyState === 'complete'";
        // Between two pages there is nothing to ask.
        let answer = self.client.execute(script, Vec::new()).await;
        answer.is_ok_and(|answer| answer == json!(true))
    }

    /// Presses a key where the keyboard is, as [`Key::Tab`] or [`Key::Enter`].
    pub async fn press(&self, key: Key) {
        let focused = self
            .client
            .active_element()
            .await
            .expect("an element has the keyboard");
        focused
            .send_keys(&char::from(key).to_string())
            .await
            .unwrap_or_else(|error| panic!("{key:?}: {error}"));
    }

    /// Whether the keyboard is on an element that matches.
    pub async fn is_focused(&self, css: &str) -> bool {
        let script = "return document.activeElement.matches(arguments[0])";
        let answer = self.client.execute(script, vec![json!(css)]).await;
        answer.unwrap_or_else(|error| panic!("{css}: {error}")) == json!(true)
    }

    /// What the console shows in red since the last call: broken scripts, missing files, refusals by the content
    /// security policy.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self
            .client
            .issue_cmd(ReadConsole)
            .await
            .expect("the console");
        let entries = entries.as_array().expect("a list of entries");
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().expect("a message").to_owned())
            .collect()
    }

    /// What the window shows, as a PNG file.
    pub async fn screenshot(&self, path: &Path) {
        let png = self.client.screenshot().await.expect("a picture");
        std::fs::write(path, png).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Changes the size of the window, for instance to that of a telephone.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client
            .set_window_size(width, height)
            .await
            .expect("a size");
    }

    async fn element(&self, css: &str) -> Element {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} is not in {}: {error}", self.url().await),
        }
    }
}

fn capabilities(profile: &Path) -> Capabilities {
    let mut arguments = FLAGS.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let capabilities = json!({
        "goog:chromeOptions": { "binary": installed(&["chromium", "chromium-browser"]), "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    serde_json::from_value(capabilities).expect("an object")
}

/// A `chromedriver` on a port of its own, and the folder for what its Chromium writes.
struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new(installed(&["chromedriver"]))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| announced_port(&line));
        Self {
            process,
            port: port.expect("chromedriver announces its port"),
            profile: TempDir::new().expect("a temporary folder"),
        }
    }

    fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Closes Chromium too, which a mere kill of its driver would leave behind.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing to report to: the story is over, and the kill settles whatever went wrong.
        let _ = self.shut_down();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// "ChromeDriver was started successfully on port 40481."
fn announced_port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// Where the first of these programs is that the machine has.
fn installed(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{} is not on this machine: run tests/run, which installs it",
            names[0]
        )
    })
}

/// Chromium's own addition to WebDriver.
#[derive(Debug)]
struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        extract::Form,
        response::{Html, IntoResponse},
        routing::get,
    };

    use super::*;

    const SIGN_IN: &str = "<h1>Connexion</h1><form method=post>
        <input id=login name=login><input id=password name=password type=password>
        <button>Se connecter</button></form>";

    #[tokio::test]
    async fn signs_in_and_reads_the_page_that_follows() {
        let site = serve().await;
        let browser = Browser::open().await;

        browser
            .sign_in(&site, "dpo", "un beffroi sonne à midi")
            .await;

        assert_eq!(browser.url().await, format!("{site}/connexion"));
        assert_eq!(browser.text("h1").await, "dpo : un beffroi sonne à midi");
        assert_eq!(browser.texts("li").await, ["Machines", "Écarts"]);
        assert!(browser.texts("table").await.is_empty());
    }

    #[tokio::test]
    async fn works_a_form_with_the_keyboard_alone() {
        let site = serve().await;
        let browser = Browser::open().await;
        browser.goto(&format!("{site}/connexion")).await;

        browser.press(Key::Tab).await;
        assert!(browser.is_focused("#login").await);
        browser.fill("#login", "clerk").await;
        browser.press(Key::Tab).await;
        assert!(browser.is_focused("#password").await);
        browser.press(Key::Enter).await;

        assert_eq!(browser.text("h1.signed-in").await, "clerk :");
    }

    #[tokio::test]
    async fn reports_what_the_security_policy_refuses() {
        let site = serve().await;
        let browser = Browser::open().await;

        browser.goto(&format!("{site}/connexion")).await;
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
        browser.goto(&format!("{site}/inline")).await;

        let errors = browser.console_errors().await;
        assert!(
            errors
                .iter()
                .any(|error| error.contains("Content Security Policy")),
            "{errors:?}"
        );
    }

    #[tokio::test]
    async fn takes_pictures_of_the_size_asked_for() {
        let site = serve().await;
        let browser = Browser::open().await;
        let picture = browser._driver.profile.path().join("page.png");

        browser.goto(&format!("{site}/connexion")).await;
        browser.resize(800, 600).await;
        browser.screenshot(&picture).await;

        let png = std::fs::read(picture).unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(png[16..20], 800_u32.to_be_bytes());
    }

    #[tokio::test]
    async fn leaves_no_process_behind() {
        let browser = Browser::open().await;
        let profile = browser._driver.profile.path().display().to_string();
        assert!(is_in_a_command_line(&profile));

        drop(browser);

        // The children of a killed browser end by themselves, a moment later.
        let start = Instant::now();
        while is_in_a_command_line(&profile) {
            assert!(start.elapsed() < Duration::from_secs(60), "still there");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn serve() -> String {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let site = Router::new()
            .route("/connexion", get(|| page(SIGN_IN.to_owned())).post(answer))
            .route(
                "/inline",
                get(|| page("<p style='color: red'>Refusé</p>".to_owned())),
            );
        tokio::spawn(async { axum::serve(listener, site).await.unwrap() });
        format!("http://{address}")
    }

    async fn answer(Form(fields): Form<Vec<(String, String)>>) -> impl IntoResponse {
        let values = fields
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>();
        page(format!(
            "<h1 class=signed-in>{}</h1><ul><li>Machines<li>Écarts</ul>",
            values.join(" : ")
        ))
        .await
    }

    async fn page(body: String) -> impl IntoResponse {
        let policy = [(
            "content-security-policy",
            "default-src 'self'; img-src data:",
        )];
        (
            policy,
            Html(format!(
                "<!doctype html><meta charset=utf-8><link rel=icon href='data:,'>{body}"
            )),
        )
    }

    fn is_in_a_command_line(text: &str) -> bool {
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| std::fs::read(entry.unwrap().path().join("cmdline")).ok())
            .any(|arguments| String::from_utf8_lossy(&arguments).contains(text))
    }
}
