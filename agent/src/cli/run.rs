//! `run`: the agent at work, until a signal; `--once` does every job now, delivers, and ends.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use beffroi_agent::{
    config::Config,
    exit::Exit,
    identity::{Identity, IdentityError},
    log, platform,
    policy::Policy,
    schedule::{Jobs, Schedule},
    spool::Spool,
    state::StateFolder,
    transport::{self, Transport, TransportError},
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

/// How often a machine may learn during one run that its certificate is another's. Once is a copied disk.
const MOST_DETACHMENTS: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

pub(crate) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<Exit> {
    let state = StateFolder::open(&config.agent.state)?;
    let _lock = state.lock()?;
    log::keep(state.path(), &config.log)
        .unwrap_or_else(|error| tracing::warn!("aucun fichier ne garde ce journal : {error}"));
    let mut identity = match Identity::load(&state) {
        Err(IdentityError::OtherMachine) => None,
        identity => Some(identity?),
    };
    let updates = arguments
        .as_service
        .then(|| Arc::new(Updates::new(&state, config.update.settings())));
    for _ in 0..MOST_DETACHMENTS {
        let own = match identity.take() {
            Some(own) => own,
            None => match detach(config, &state, arguments.once)? {
                Some(own) => own,
                None => return Ok(Exit::Success),
            },
        };
        own.keep_marks(&state);
        let outcome = attend(config, &state, own, updates.clone(), arguments.once);
        if !outcome.as_ref().is_err_and(is_of_another_machine) {
            return outcome;
        }
    }
    Err(TransportError::AnotherMachine.into())
}

fn is_of_another_machine(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(TransportError::AnotherMachine))
}

/// Asks for an identity of this machine's own, until somebody answers. None: asked to stop.
fn detach(config: &Config, state: &StateFolder, once: bool) -> anyhow::Result<Option<Identity>> {
    let original = Identity::of_any_machine(state)?;
    let policy = kept_policy(state, &original);
    let collectors = transport::collectors(&original, policy.as_ref());
    tracing::warn!(
        "cette machine a été démarrée d'une copie du disque d'une autre : elle demande au collecteur une identité à elle"
    );
    let attempts = async {
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let mut refusal = None;
            for collector in &collectors {
                match transport::detach(state, &original, collector, &config.network.proxy).await {
                    Ok(own) => return Ok(own),
                    Err(error) => refusal = Some(error),
                }
            }
            let Some(error) = refusal else { continue };
            let is_final = Exit::from(&error) != Exit::Unreachable;
            if is_final || (once && attempt >= ATTEMPTS) {
                return Err(error);
            }
            tracing::warn!("{error}");
            tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Err(TransportError::AnotherMachine)
    };
    super::runtime()?.block_on(async {
        tokio::select! {
            own = attempts => {
                let own = own?;
                tracing::info!(agent = own.agent, "cette machine a une identité à elle ; ce que l'autre avait laissé est mis de côté");
                Ok(Some(own))
            }
            signal = platform::stop_signal() => Ok(signal.map(|()| None)?),
        }
    })
}

fn kept_policy(state: &StateFolder, identity: &Identity) -> Option<Policy> {
    Policy::load(state, identity).unwrap_or_else(|error| {
        tracing::warn!(
            "la politique gardée est inutilisable ({error}) : la configuration locale fait foi"
        );
        None
    })
}

/// Works under this identity.
fn attend(
    config: &Config,
    state: &StateFolder,
    identity: Identity,
    updates: Option<Arc<Updates>>,
    once: bool,
) -> anyhow::Result<Exit> {
    let policy = kept_policy(state, &identity);
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
        config: config.clone(),
        policy: policies.subscribe(),
        rescans,
    };
    let transport = Transport {
        state: state.clone(),
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
        run_id: rand::random(),
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
            outcome = work(schedule, &transport, &spool, once) => outcome,
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
            // Nothing may be collected under the name of another.
            if matches!(error, TransportError::AnotherMachine) {
                return Err(error.into());
            }
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
