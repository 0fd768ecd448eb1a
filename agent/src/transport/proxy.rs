//! The way out of a network that lets nothing out but through a proxy: HTTP CONNECT (RFC 9110, section 9.3.6), with a
//! name and a password where the proxy wants them (RFC 7617). What travels through it stays TLS from end to end.
//!
//! In: what the configuration says. Out: a stream to the collector. Called by `tls`. Which proxy the system has, and for
//! what, is hyper-util's work; its own tunnel does not say why a proxy refuses, which the technician must know.

use std::{fmt, io};

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tonic::transport::Uri;

use super::tls::split_address;

/// A head of an answer that is longer is not a proxy's.
const HEAD_BYTES: usize = 8 * 1024;

/// How the collector is reached. May hold a password: never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Proxy {
    /// As the environment (`HTTPS_PROXY`, `NO_PROXY`) or Windows says.
    #[default]
    OfSystem,
    Never,
    Explicit(String),
}

/// Why the proxy does not do; for the technician.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProxyError {
    #[error(
        "le mandataire (proxy) {proxy} ne répond pas ({reason}) ; vérifiez son adresse dans [network] proxy"
    )]
    Unreachable { proxy: String, reason: String },
    #[error(
        "le mandataire (proxy) {proxy} n'accepte pas le nom et le mot de passe, ou en demande : dans [network], proxy = \
         \"http://nom:motdepasse@hôte:port\""
    )]
    Credentials { proxy: String },
    #[error(
        "le mandataire (proxy) {proxy} refuse d'ouvrir la voie vers {collector} (réponse {status}) ; faites-y autoriser cette \
         adresse et ce port"
    )]
    Refused {
        proxy: String,
        collector: String,
        status: u16,
    },
    #[error(
        "ce qui répond à {proxy} n'est pas un mandataire (proxy) HTTP ; vérifiez [network] proxy"
    )]
    NotAProxy { proxy: String },
}

impl TryFrom<String> for Proxy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "" | "system" => return Ok(Self::OfSystem),
            "none" => return Ok(Self::Never),
            _ => {}
        }
        let through = explicit(&text).map(|through| through.uri().clone());
        match through {
            Some(uri) if uri.scheme_str() == Some("http") && uri.port_u16().is_some() => {
                Ok(Self::Explicit(text))
            }
            // Without what was written: it may hold a password.
            _ => Err(
                "proxy doit être de la forme http://hôte:port ou http://nom:motdepasse@hôte:port, ou \"system\", ou \"none\""
                    .to_owned(),
            ),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OfSystem => "OfSystem",
            Self::Never => "Never",
            Self::Explicit(_) => "Explicit(…)",
        })
    }
}

impl Proxy {
    /// `host:port` of the proxy on the way to the collector, for `doctor`.
    pub fn on_the_way_to(&self, collector: &str) -> Option<String> {
        self.through(collector).map(|through| address(&through))
    }

    /// A stream to the collector, the last thing on the way being the proxy or the collector itself.
    pub(super) async fn connect(&self, collector: &str) -> io::Result<TcpStream> {
        let Some(through) = self.through(collector) else {
            return TcpStream::connect(collector).await;
        };
        tunnel(&through, collector).await.map_err(io::Error::other)
    }

    fn through(&self, collector: &str) -> Option<Intercept> {
        match self {
            Self::Never => None,
            Self::Explicit(proxy) => explicit(proxy),
            // The proxy of the system would look for this machine at its own place.
            Self::OfSystem if is_this_machine(collector) => None,
            Self::OfSystem => Matcher::from_system().intercept(&uri(collector)?),
        }
    }
}

fn explicit(proxy: &str) -> Option<Intercept> {
    let matcher = Matcher::builder().https(proxy).build();
    matcher.intercept(&uri("collector:443")?)
}

fn uri(collector: &str) -> Option<Uri> {
    format!("https://{collector}/").parse().ok()
}

fn is_this_machine(collector: &str) -> bool {
    let host = split_address(collector).map_or("", |(host, _)| host);
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn address(through: &Intercept) -> String {
    let uri = through.uri();
    let port = uri.port_u16().unwrap_or(80);
    format!("{}:{port}", uri.host().unwrap_or_default())
}

async fn tunnel(through: &Intercept, collector: &str) -> Result<TcpStream, ProxyError> {
    let proxy = address(through);
    let unreachable = |error: io::Error| ProxyError::Unreachable {
        proxy: proxy.clone(),
        reason: error.to_string(),
    };
    let mut stream = TcpStream::connect(&proxy).await.map_err(unreachable)?;
    let mut request = format!("CONNECT {collector} HTTP/1.1\r\nHost: {collector}\r\n").into_bytes();
    if let Some(credentials) = through.basic_auth() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(credentials.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(unreachable)?;
    let head = head(&mut stream).await.map_err(unreachable)?;
    match status(&head) {
        Some(200..300) => Ok(stream),
        Some(407) => Err(ProxyError::Credentials { proxy }),
        Some(status) => Err(ProxyError::Refused {
            proxy,
            collector: collector.to_owned(),
            status,
        }),
        None => Err(ProxyError::NotAProxy { proxy }),
    }
}

/// Up to the empty line, and not a byte further: what follows is TLS.
async fn head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < HEAD_BYTES && !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head).ok()?.lines().next()?;
    let mut words = line.split(' ');
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Proxy, String> {
        Proxy::try_from(text.to_owned())
    }

    #[test]
    fn a_proxy_is_an_address_with_or_without_who_asks() {
        for (text, expected) in [
            ("http://proxy.mairie.fr:3128", "proxy.mairie.fr:3128"),
            ("http://poste:m%40t@10.0.0.1:8080", "10.0.0.1:8080"),
        ] {
            let proxy = read(text).unwrap();
            let way = proxy.on_the_way_to("collecteur.opsn.fr:7443");
            assert_eq!(way.as_deref(), Some(expected));
        }
        assert_eq!(read("none").unwrap().on_the_way_to("c:1"), None);
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_password() {
        for wrong in [
            "https://a:b@c:1",
            "socks5://secret@c:1",
            "proxy",
            "http://secret@c",
        ] {
            let error = read(wrong).unwrap_err();
            assert!(
                error.contains("http://hôte:port") && !error.contains("secret"),
                "{error}"
            );
        }
        assert!(!format!("{:?}", read("http://u:secret@c:1")).contains("secret"));
    }

    #[test]
    fn the_first_line_says_it() {
        assert_eq!(
            status(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
            Some(407)
        );
        assert_eq!(status(b"HTTP/1.0 200 OK\r\n\r\n"), Some(200));
        for wrong in [
            "",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 x\r\n\r\n",
        ] {
            assert_eq!(status(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
