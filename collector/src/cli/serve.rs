//! `serve`: the agents' door, the pages and the jobs, until a signal.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use beffroi_collector::{
    authority::Authority,
    config::{Config, Web},
    enrol::Enrolment,
    ingest::Ingest,
    jobs, knowledge, listener,
    packages::Packages,
    store::Store,
    web::{self, Labels, WebState},
    web_tls::{TlsListener, Visitor, with_visitors},
};
use beffroi_proto::{
    MAX_BATCH_BYTES,
    v1::{identity_server::IdentityServer, uplink_server::UplinkServer},
};
use beffroi_rules::{detect::Engine, pack::Pack};
use jiff::Timestamp;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::Notify,
};
use tonic::{codec::CompressionEncoding, transport::Server};

use super::{Exit, Stop, load_authority, open_store, rules};

/// Room for a batch and its envelope.
const MAX_MESSAGE_BYTES: usize = MAX_BATCH_BYTES + 64 * 1024;
const KEEPALIVE: Duration = Duration::from_secs(60);

pub(super) async fn run(data: &Path) -> anyhow::Result<()> {
    let (config, store) = open_store(data).await?;
    let authority = Arc::new(load_authority(data)?);
    let pack = Arc::new(rules::load(data)?);
    let engine = rules::engine(data)?;
    let committed = Arc::new(Notify::new());
    let agents = bind(config.agents.listen).await?;
    let pages = bind(config.web.listen).await?;
    println!("Agents : {} (gRPC, TLS mutuel)", agents.local_addr()?);
    println!(
        "Pages  : {}",
        address_of_pages(&config.web, pages.local_addr()?)
    );

    let serving = async {
        tokio::try_join!(
            serve_agents(
                agents,
                &config,
                &store,
                Packages::of(data),
                authority,
                Arc::clone(&committed)
            ),
            serve_pages(pages, &config.web, &store, &pack, engine),
        )
    };
    tokio::select! {
        outcome = serving => { outcome?; }
        () = jobs::run(store.clone(), Arc::clone(&pack), Arc::clone(&committed)) => {}
        signal = stop_signal() => println!("{}", signal?),
    }
    Ok(())
}

async fn serve_agents(
    listener: TcpListener,
    config: &Config,
    store: &Store,
    packages: Packages,
    authority: Arc<Authority>,
    committed: Arc<Notify>,
) -> anyhow::Result<()> {
    let connections = listener::accept(
        listener,
        Arc::clone(&authority),
        config.agents.names.clone(),
    )?;
    let ingest = UplinkServer::new(Ingest::new(
        store.clone(),
        Arc::clone(&authority),
        committed,
        packages,
    ))
    .max_decoding_message_size(MAX_MESSAGE_BYTES)
    .accept_compressed(CompressionEncoding::Zstd);
    let enrolment = IdentityServer::new(Enrolment::new(store.clone(), authority, &config.agents))
        .max_decoding_message_size(64 * 1024);
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .add_service(ingest)
        .add_service(enrolment)
        .serve_with_incoming(connections)
        .await
        .context("le service des agents s'est arrêté")
}

async fn serve_pages(
    listener: TcpListener,
    config: &Web,
    store: &Store,
    pack: &Arc<Pack>,
    engine: Engine,
) -> anyhow::Result<()> {
    let rules = Arc::clone(pack);
    let state = WebState {
        store: store.clone(),
        labels: Arc::new(Labels::new(
            pack.glossary.clone(),
            pack.kinds.clone(),
            pack.facts.clone(),
        )),
        https: config.https(),
        behind_proxy: config.behind_proxy,
        clock: Arc::new(Timestamp::now),
        prefill: Arc::new(move |controller, proposal, now| {
            knowledge::register::prefill(controller, proposal, &rules, now)
        }),
        engine,
    };
    let pages = web::router(state);
    match (&config.certificate, &config.key) {
        (Some(certificate), Some(key)) => {
            let listener = TlsListener::new(listener, certificate, key)?;
            let pages = with_visitors(pages).into_make_service_with_connect_info::<Visitor>();
            axum::serve(listener, pages).await
        }
        _ => {
            axum::serve(
                listener,
                pages.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .await
        }
    }
    .context("le service des pages s'est arrêté")
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let exit = if error.kind() == std::io::ErrorKind::AddrInUse { Exit::PortInUse } else { Exit::Configuration };
        let message = format!(
            "impossible d'écouter sur {address} : {error} ; un autre programme (un autre collecteur ?) occupe \
             peut-être cette adresse : arrêtez-le, ou changez « listen » dans collector.toml"
        );
        Stop { exit, message }.into()
    })
}

fn address_of_pages(config: &Web, address: SocketAddr) -> String {
    let scheme = if config.certificate.is_some() {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{address}/")
}

async fn stop_signal() -> anyhow::Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // Agents keep what was not acknowledged: nothing has to be finished first.
    Ok("Arrêt.")
}
