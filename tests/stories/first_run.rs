//! What a fresh collector is like before anybody has made it safe: it already is.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use beffroi_tests::{collector::Collector, visitor::Visitor};
use reqwest::{Certificate, Client, StatusCode};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_password_is_drawn_at_random_and_must_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut passwords = Vec::new();
    for name in ["a", "b"] {
        let data = folder.path().join(name);
        let output = beffroi_tests::collector::command(&data, &["init"])
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let line = printed
            .lines()
            .find(|line| line.starts_with("Mot de passe"))
            .unwrap();
        passwords.push(line.split_whitespace().nth(4).unwrap().to_owned());
    }
    assert!(passwords[0].len() >= 20);
    assert_ne!(passwords[0], passwords[1]);

    let collector = Collector::start();
    let printed = collector.succeed(&["user", "create", "claire", "--name", "Claire", "--all"]);
    let line = printed
        .lines()
        .find(|line| line.starts_with("Mot de passe"))
        .unwrap();
    let password = line.split_whitespace().nth(4).unwrap();
    let visitor = Visitor::sign_in(&collector, "claire", password).await;
    let (status, _) = visitor.get("/").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "first the password");
}

#[test]
fn agents_find_no_plaintext_door() {
    let collector = Collector::start();
    let mut stream = TcpStream::connect(collector.agents).unwrap();
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut answer = Vec::new();
    // A TLS alert or nothing at all, then the end.
    let _ = stream.read_to_end(&mut answer);
    assert!(
        answer.len() < 16 && !answer.starts_with(b"HTTP"),
        "{answer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_over_tls_tell_browsers_to_stay_there() {
    let mut collector = Collector::initialise(&[]);
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(collector.data().join("web.pem"), key.cert.pem()).unwrap();
    fs::write(
        collector.data().join("web.key"),
        key.signing_key.serialize_pem(),
    )
    .unwrap();
    let path = collector.data().join("collector.toml");
    let mut configuration = fs::read_to_string(&path).unwrap();
    for name in ["certificate", "key"] {
        let file = collector
            .data()
            .join(if name == "key" { "web.key" } else { "web.pem" });
        let line = format!(
            "# {name} = \"/etc/beffroi/web.{}\"",
            file.extension().unwrap().to_str().unwrap()
        );
        assert!(configuration.contains(&line), "{line}");
        configuration = configuration.replace(&line, &format!("{name} = {file:?}"));
    }
    fs::write(&path, configuration).unwrap();
    collector.serve();

    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .tls_certs_only([Certificate::from_pem(key.cert.pem().as_bytes()).unwrap()])
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/connexion", collector.pages.port());
    let response = client.get(url).send().await.unwrap();

    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert!(header("strict-transport-security").contains("max-age="));
    let csp = header("content-security-policy");
    assert!(
        csp.contains("default-src 'self'") && !csp.contains("unsafe-inline"),
        "{csp}"
    );
    assert!(header("set-cookie").contains("Secure"));
}
