//! `doctor`: one line per check, each failure with what to do. Changes nothing.

use std::{net::TcpListener, path::Path};

use beffroi_collector::{authority::Authority, config::Config, store::Store};

use super::{Exit, pki, rules};

pub(super) async fn run(data: &Path) -> anyhow::Result<Exit> {
    let mut report = Report { failures: 0 };
    let config = report.check(
        "configuration",
        Config::load(data).map(|config| (String::new(), config)),
    );
    report.check(
        "autorité de certification",
        Authority::load(&pki(data)).map(|authority| {
            (
                format!("empreinte {}", hex::encode(&authority.pin()[..8])),
                (),
            )
        }),
    );
    report.check(
        "règles",
        rules::load(data).map(|pack| (format!("version {}", pack.version), ())),
    );
    if let Some(config) = config {
        let store = report.check(
            "base",
            Store::open(&config.store_url(data))
                .await
                .map(|store| (String::new(), store)),
        );
        if let Some(store) = store {
            report.check(
                "base",
                store.check().await.map(|lines| (lines.join(", "), ())),
            );
        }
        for (what, address) in [
            ("écoute des agents", config.agents.listen),
            ("écoute des pages", config.web.listen),
        ] {
            // In use is what one expects while the collector runs.
            let state = match TcpListener::bind(address) {
                Ok(_) => "libre",
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                    "en service, ou prise par un autre programme"
                }
                Err(error) => {
                    report.check::<()>(what, Err(format!("{address} : {error}")));
                    continue;
                }
            };
            report.check(what, Ok::<_, String>((format!("{address} : {state}"), ())));
        }
    }
    Ok(if report.failures == 0 {
        Exit::Success
    } else {
        Exit::Failure
    })
}

struct Report {
    failures: usize,
}

impl Report {
    fn check<T>(
        &mut self,
        what: &str,
        outcome: Result<(String, T), impl std::fmt::Display>,
    ) -> Option<T> {
        match outcome {
            Ok((detail, value)) => {
                println!(
                    "bon     {what}{}{detail}",
                    if detail.is_empty() { "" } else { " : " }
                );
                Some(value)
            }
            Err(error) => {
                self.failures += 1;
                println!("À VOIR  {what} : {error}");
                None
            }
        }
    }
}
