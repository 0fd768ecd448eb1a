//! `run`: the agent at work, until a signal; `--once` does every job now, delivers, and ends.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use beffroi_agent::{
    config::Config,
    exit::Exit,
    identity::Identity,
    log, platform,
    policy::Policy,
    schedule::{Jobs, Schedule},
    spool::Spool,
    state::StateFolder,
    transport::Transport,
    update::Updates,
};
use beffroi_rules::files::RuleFiles;
use clap::Args;
use tokio::sync::{mpsc, watch};

/// Failed connections in a row after which `--once` gives up; with the pauses in between, some ten seconds.
const ATTEMPTS: usize = 5;

#[derive(Debug, Default, Args)]
pub(crate) struct Arguments {
    /// Fait tout une fois, attend que le collecteur ait tout reçu, puis s'arrête.
    #[arg(long)]
    once: bool,
    /// The service manager starts it again, as another program if one has come.
    #[arg(skip)]
    as_service: bool,
}

impl Arguments {
    pub(super) fn of_a_service() -> Self {
        Self {
            as_service: true,
            ..Self::default()
        }
    }
}

pub(crate) fn run(config: Config, arguments: &Arguments) -> anyhow::Result<Exit> {
    let state = StateFolder::open(&config.agent.state)?;
    let _lock = state.lock()?;
    log::keep(state.path(), &config.log)
        .unwrap_or_else(|error| tracing::warn!("aucun fichier ne garde ce journal : {error}"));
    let identity = Identity::load(&state)?;
    let updates = arguments
        .as_service
        .then(|| Arc::new(Updates::new(&state, config.update.settings())));
    let policy = Policy::load(&state, &identity).unwrap_or_else(|error| {
        tracing::warn!(
            "la politique gardée est inutilisable ({error}) : la configuration locale fait foi"
        );
        None
    });
    let spool = Arc::new(Spool::open(&state.file("spool"), config.spool.max_bytes)?);
    let stopping = Arc::new(AtomicBool::new(false));
    let (rescan_wishes, rescans) = mpsc::unbounded_channel();
    let policies = watch::Sender::new(policy);
    let proxy = config.network.proxy.clone();
    let schedule = Schedule {
        jobs: Jobs {
            state: state.clone(),
            spool: Arc::clone(&spool),
            content_key: identity.content_key,
            stopping: Arc::clone(&stopping),
            thinning: Arc::default(),
            collector_is_lost: Arc::default(),
        },
        config,
        policy: policies.subscribe(),
        rescans,
    };
    let transport = Transport {
        state,
        identity: Mutex::new(Arc::new(identity)),
        spool: Arc::clone(&spool),
        rules_version: RuleFiles::embedded().version(),
        policy: policies,
        rescans: rescan_wishes,
        proxy,
        renewal: Mutex::default(),
        updates,
        updated: Arc::default(),
        fetching: Mutex::default(),
    };
    if transport
        .updates
        .as_ref()
        .is_some_and(|updates| updates.is_on_trial())
    {
        platform::stop_with_parent();
        // What it has to show: an inventory that the collector acknowledges.
        schedule.jobs.wish_for_inventory()?;
    }
    let runtime = super::runtime()?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = work(schedule, &transport, &spool, arguments.once) => outcome,
            signal = platform::stop_signal() => signal.map(|()| Exit::Success).map_err(Into::into),
            () = transport.updated.notified() => Ok(Exit::Updated),
        }
    });
    // Before the runtime is dropped, which waits for a scan under way: it ends where it is.
    stopping.store(true, Ordering::Relaxed);
    outcome
}

async fn work(
    schedule: Schedule,
    transport: &Transport,
    spool: &Spool,
    once: bool,
) -> anyhow::Result<Exit> {
    if !once {
        return tokio::select! {
            error = transport.run(None) => Err(error.into()),
            ended = schedule.run() => ended.map(|()| Exit::Success),
        };
    }
    let delivery = transport.run(Some(ATTEMPTS));
    let collector_is_lost = Arc::clone(&schedule.jobs.collector_is_lost);
    let jobs = schedule.run_once();
    tokio::pin!(delivery, jobs);
    tokio::select! {
        done = &mut jobs => done?,
        error = &mut delivery => {
            // What can be collected is kept even when nobody answers.
            collector_is_lost.store(true, Ordering::Relaxed);
            jobs.await?;
            return Err(error.into());
        }
    }
    tokio::select! {
        () = spool.wait_until_empty() => Ok(Exit::Success),
        error = delivery => Err(error.into()),
    }
}
