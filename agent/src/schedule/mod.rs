//! When what is done: inventory, facts and passes over the roots, each at its hour.
//!
//! In: the configuration, the policy laid over it, wishes of the collector. Out: batches in the spool. Called by the
//! `run` verb. Jobs run one after the other on one background thread. What a job has completed is noted in
//! `schedule.json`; one that was interrupted is begun again, which is harmless since reports are state.

mod plan;
mod room;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, anyhow};
use beffroi_rules::{detect::Engine, files::RuleFiles};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use self::plan::{Completed, Due, Plan};
pub use self::room::Thinned;
use crate::{
    config::Config,
    inventory,
    pace::{self, Pace, Wait},
    platform,
    policy::Policy,
    posture,
    report::Reporter,
    scan::{self, Allowances, Basis, Event, Exclusions, Failures, Known, PassSummary, Reader},
    spool::Spool,
    state::{StateError, StateFolder},
};

const FILE: &str = "schedule.json";
const FAILURES: &str = "failures.json";
const KNOWN: &str = "known";
/// How often the clock is looked at: a machine that slept a week catches up within this time.
const TICK: Duration = Duration::from_secs(300);

pub struct Schedule {
    pub jobs: Jobs,
    pub config: Config,
    pub policy: watch::Receiver<Option<Policy>>,
    /// Roots that the collector wishes to see again; empty means everything.
    pub rescans: mpsc::UnboundedReceiver<String>,
}

/// What every job needs.
#[derive(Clone)]
pub struct Jobs {
    pub state: StateFolder,
    pub spool: Arc<Spool>,
    /// Key of the fingerprints of whole contents.
    pub content_key: [u8; 32],
    /// Set when the agent stops: jobs end at the next file.
    pub stopping: Arc<AtomicBool>,
    /// When a full spool was last looked through, in bytes appended since the start.
    pub thinning: Arc<Mutex<Thinned>>,
    /// Set when nobody will empty the spool any more: a full one is then an error instead of a pause.
    pub collector_is_lost: Arc<AtomicBool>,
}

impl Schedule {
    /// Runs jobs at their hour, for ever.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(TICK);
        loop {
            let plan = self.plan();
            let mut due = plan.due(&self.jobs.completed()?, Timestamp::now());
            if !due.roots.is_empty()
                && let Err(wait) = plan.pace.allow(Timestamp::now())
            {
                tracing::debug!("les analyses attendent : {wait}");
                due.roots.clear();
            }
            let work = work(self.jobs.clone(), plan, due);
            tokio::pin!(work);
            // What is under way goes on where it stopped, under the new policy.
            let changed = tokio::select! {
                outcome = &mut work => {
                    tell(outcome);
                    None
                }
                changed = self.policy.changed() => Some(changed),
            };
            if let Some(changed) = changed {
                self.jobs.stopping.store(true, Ordering::Relaxed);
                tell(work.await);
                // Not the end of the agent: that drops this loop before it stops the jobs.
                self.jobs.stopping.store(false, Ordering::Relaxed);
                changed.context("le transport s'est arrêté")?;
                self.jobs.forget("")?;
                continue;
            }
            tokio::select! {
                _ = ticks.tick() => {}
                changed = self.policy.changed() => {
                    changed.context("le transport s'est arrêté")?;
                    self.jobs.forget("")?;
                }
                wish = self.rescans.recv() => {
                    self.jobs.forget(&wish.context("le transport s'est arrêté")?)?;
                }
            }
        }
    }

    /// Runs every job now, whatever was done before: somebody waits for it.
    pub async fn run_once(&self) -> anyhow::Result<()> {
        let plan = Plan {
            pace: pace::Limits {
                on_battery: true,
                ..pace::Limits::default()
            },
            ..self.plan()
        };
        let everything = Due {
            inventory: true,
            roots: plan.roots.clone(),
        };
        work(self.jobs.clone(), plan, everything).await
    }

    fn plan(&self) -> Plan {
        Plan::new(&self.config, self.policy.borrow().as_ref())
    }
}

async fn work(jobs: Jobs, plan: Plan, due: Due) -> anyhow::Result<()> {
    if due == Due::default() {
        return Ok(());
    }
    jobs.spool.limit(plan.spool_bytes);
    tokio::task::spawn_blocking(move || jobs.run(&plan, &due))
        .await
        .context("un travail s'est arrêté")?
}

/// A disk that is full today must not keep the agent from trying tomorrow.
fn tell(outcome: anyhow::Result<()>) {
    if let Err(error) = outcome {
        tracing::error!("{error:#}");
    }
}

impl Jobs {
    fn run(&self, plan: &Plan, due: &Due) -> anyhow::Result<()> {
        platform::lower_priority();
        if due.inventory {
            self.take_inventory()?;
            self.note(|completed| completed.inventory = Some(Timestamp::now()))?;
        }
        if due.roots.is_empty() {
            return Ok(());
        }
        let engine = engine(&plan.disabled_detectors)?;
        let options = self.scan_options(plan)?;
        let mut reader = Reader::new(plan.patience, self.failures()?);
        for root in &due.roots {
            reader.remember(self.known(root, plan, &options));
            let summary = self.pass(root, plan, &options, &engine, &mut reader);
            let is_complete = summary.as_ref().is_ok_and(PassSummary::is_complete);
            if let Some(Err(error)) = reader.take_known().map(|known| known.end(is_complete)) {
                tracing::warn!("l'analyse suivante relira tout : {error}");
            }
            if reader.failures().take_change() {
                self.state.write(FAILURES, &reader.failures().to_bytes()?)?;
            }
            let summary = summary?;
            if summary.is_complete() {
                self.note(|completed| {
                    completed.roots.insert(root.clone(), Timestamp::now());
                })?;
            }
        }
        Ok(())
    }

    fn take_inventory(&self) -> anyhow::Result<()> {
        let mut sink = |batch: &[u8]| self.append(batch);
        let mut reporter = Reporter::new(&mut sink);
        let (machine, installations) = inventory::collect();
        reporter.inventory(machine, installations)?;
        reporter.facts(posture::collect(Timestamp::now()))?;
        reporter.flush()
    }

    fn pass(
        &self,
        root: &Path,
        plan: &Plan,
        options: &scan::Options,
        engine: &Engine,
        reader: &mut Reader,
    ) -> anyhow::Result<PassSummary> {
        let mut sink = |batch: &[u8]| self.append(batch);
        let mut reporter = Reporter::new(&mut sink);
        let mut reported = reporter.begin_pass(root, Timestamp::now())?;
        let mut pace = Pace::new(&plan.pace, &self.stopping);
        let passed = scan::pass(
            root,
            options,
            engine,
            &self.stopping,
            reader,
            &mut |event| match event {
                Event::Folder(_) => Ok(()),
                Event::File { file, was_read } => {
                    reported.file(&file)?;
                    let bytes = if was_read { file.size_bytes } else { 0 };
                    Ok(pace.rest(bytes)?)
                }
            },
        );
        let summary = match passed {
            Err(error) if error.is::<Wait>() => {
                tracing::info!(root = %root.display(), "l'analyse reprendra : {error}");
                PassSummary {
                    incomplete: Some(scan::Incomplete::Cancelled),
                    ..PassSummary::default()
                }
            }
            passed => passed?,
        };
        reported.end(&summary, Timestamp::now())?;
        reporter.flush()?;
        match summary.incomplete {
            None => tracing::info!(root = %root.display(), "analyse terminée"),
            Some(scan::Incomplete::Cancelled) => {}
            Some(_) => tracing::warn!(
                "le dossier {} n'est plus accessible en entier : l'analyse s'est arrêtée, elle reprendra ; vérifiez \
                 que le partage est monté",
                root.display()
            ),
        }
        Ok(summary)
    }

    fn scan_options(&self, plan: &Plan) -> anyhow::Result<scan::Options> {
        let own_folder = Some(self.state.path().to_owned());
        Ok(scan::Options {
            exclusions: Exclusions::new(&plan.excluded, plan.include_private_folders, own_folder)?,
            max_file_bytes: plan.max_file_bytes,
            content_key: Some(self.content_key),
            // Those that end while the pass goes on hold until its end.
            allowances: Some(Allowances::new(
                &plan.allowances,
                &self.content_key,
                Timestamp::now(),
            )?),
        })
    }

    fn must_not_wait(&self) -> bool {
        self.stopping.load(Ordering::Relaxed) || self.collector_is_lost.load(Ordering::Relaxed)
    }

    /// What earlier passes over a root learnt. Where it cannot be kept, everything is read each time.
    fn known(&self, root: &Path, plan: &Plan, options: &scan::Options) -> Option<Known> {
        let rules = RuleFiles::embedded().without_detectors(&plan.disabled_detectors);
        let basis = Basis::new(&rules.version(), options);
        Known::open(&self.state.file(KNOWN), root, basis, Timestamp::now())
            .inspect_err(|error| tracing::warn!("tous les fichiers seront relus : {error}"))
            .ok()
    }

    fn failures(&self) -> Result<Failures, StateError> {
        let bytes = self.state.read(FAILURES)?.unwrap_or_default();
        Ok(Failures::from_bytes(&bytes))
    }

    fn completed(&self) -> Result<Completed, StateError> {
        let bytes = self.state.read(FILE)?.unwrap_or_default();
        // Unreadable counts as nothing done yet.
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn note(&self, change: impl FnOnce(&mut Completed)) -> anyhow::Result<()> {
        let mut completed = self.completed()?;
        change(&mut completed);
        Ok(self
            .state
            .write(FILE, &serde_json::to_vec_pretty(&completed)?)?)
    }

    /// Takes one as soon as work begins, whenever the last one was.
    pub fn wish_for_inventory(&self) -> anyhow::Result<()> {
        self.note(|completed| completed.inventory = None)
    }

    /// Makes a root due again; the empty one stands for everything.
    fn forget(&self, root: &str) -> anyhow::Result<()> {
        self.note(|completed| {
            if root.is_empty() {
                *completed = Completed::default();
            } else {
                completed.roots.remove(Path::new(root));
            }
        })
    }
}

fn engine(disabled_detectors: &[String]) -> anyhow::Result<Engine> {
    let files = RuleFiles::embedded().without_detectors(disabled_detectors);
    Engine::load(&files).map_err(|diagnostics| {
        let first = diagnostics
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        anyhow!("les règles de détection sont incorrectes : {first}")
    })
}
