//! When what is done: inventory, facts and passes over the roots, each at its hour.
//!
//! In: the configuration, the policy laid over it, wishes of the collector. Out: batches in the spool. Called by the
//! `run` verb. Jobs run one after the other on one background thread. What a job has completed is noted in
//! `schedule.json`; one that was interrupted is begun again, which is harmless since reports are state.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, anyhow};
use beffroi_rules::{detect::Engine, files::RuleFiles};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

use crate::{
    config::Config,
    inventory,
    pace::{self, Pace, Wait},
    platform,
    policy::Policy,
    posture,
    report::{Reporter, Thinning},
    scan::{
        self, Allowance, Allowances, Basis, Event, Exclusions, Failures, Known, PassSummary, Reader,
    },
    spool::{Spool, SpoolError},
    state::{StateError, StateFolder},
};

const FILE: &str = "schedule.json";
const FAILURES: &str = "failures.json";
const KNOWN: &str = "known";
/// How often the clock is looked at: a machine that slept a week catches up within this time.
const TICK: Duration = Duration::from_secs(300);
/// A full spool is looked through for what newer reports replace when this part of it came since the last time.
const THINNING_PART: u64 = 16;
/// How often room is looked for in a full spool.
const FULL_SPOOL_PAUSE: Duration = Duration::from_millis(500);

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

/// How much came into the spool, and how much of it had come when it was last looked through.
#[derive(Debug, Default)]
pub struct Thinned {
    appended: u64,
    at: Option<u64>,
}

/// The configuration with the policy laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plan {
    roots: Vec<PathBuf>,
    excluded: Vec<String>,
    include_private_folders: bool,
    max_file_bytes: u64,
    disabled_detectors: Vec<String>,
    allowances: Vec<Allowance>,
    scan_interval: Duration,
    inventory_interval: Duration,
    patience: Duration,
    pace: pace::Limits,
    spool_bytes: u64,
}

/// When each job was last completed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Completed {
    inventory: Option<Timestamp>,
    roots: BTreeMap<PathBuf, Timestamp>,
}

/// What is to be done now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Due {
    inventory: bool,
    roots: Vec<PathBuf>,
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
            // A disk that is full today must not keep the agent from trying tomorrow.
            if let Err(error) = self.work(plan, due).await {
                tracing::error!("{error:#}");
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
        self.work(plan, everything).await
    }

    fn plan(&self) -> Plan {
        Plan::new(&self.config, self.policy.borrow().as_ref())
    }

    async fn work(&self, plan: Plan, due: Due) -> anyhow::Result<()> {
        if due == Due::default() {
            return Ok(());
        }
        self.jobs.spool.limit(plan.spool_bytes);
        let jobs = self.jobs.clone();
        tokio::task::spawn_blocking(move || jobs.run(&plan, &due))
            .await
            .context("un travail s'est arrêté")?
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

    /// When the spool is full, what newer reports replace gives way, then inventories; then the scan waits for room: no
    /// finding is lost.
    fn append(&self, batch: &[u8]) -> anyhow::Result<()> {
        loop {
            match self.spool.append(batch) {
                Ok(_) => {
                    self.thinned().appended += batch.len() as u64;
                    return Ok(());
                }
                Err(SpoolError::Full) if self.make_room(batch)? => {}
                Err(SpoolError::Full) if !self.must_not_wait() => {
                    std::thread::sleep(FULL_SPOOL_PAUSE);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether there is room now. Costs a walk over the whole spool, so that it waits until there is something to find.
    fn make_room(&self, batch: &[u8]) -> anyhow::Result<bool> {
        let waiting = self.spool.waiting().1;
        {
            let mut thinned = self.thinned();
            let since = thinned.at.map(|at| thinned.appended - at);
            if since.is_some_and(|since| since < waiting / THINNING_PART) {
                return Ok(false);
            }
            thinned.at = Some(thinned.appended);
        }
        for gives_up_telemetry in [false, true] {
            self.thin(gives_up_telemetry)?;
            if self.spool.has_room(batch) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn thin(&self, gives_up_telemetry: bool) -> anyhow::Result<()> {
        let mut look = Thinning::new(gives_up_telemetry);
        self.spool.revise(&mut |batch| {
            look.thin(batch);
            None
        })?;
        let Some(notice) = look.notice() else {
            return Ok(());
        };
        let loss = look.loss();
        // Told before it is done: killed in between, the collector hears of a loss that was none.
        self.spool.append_notice(&notice)?;
        let mut walk = look.again();
        self.spool.revise(&mut |batch| walk.thin(batch))?;
        tracing::warn!(
            "la file d'attente était pleine : {} rapport(s) remplacé(s) par de plus récents et {} inventaire(s) en ont été \
             retirés",
            loss.replaced,
            loss.telemetry
        );
        if loss.telemetry > 0 {
            self.note(|completed| completed.inventory = None)?;
        }
        Ok(())
    }

    fn thinned(&self) -> MutexGuard<'_, Thinned> {
        self.thinning.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Plan {
    fn new(config: &Config, policy: Option<&Policy>) -> Self {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
        let scan = &config.scan;
        let mut plan = Self {
            roots: scan.roots.clone(),
            excluded: scan.excluded.clone(),
            include_private_folders: scan.include_private_folders,
            max_file_bytes: scan.max_file_bytes,
            disabled_detectors: Vec::new(),
            allowances: Vec::new(),
            scan_interval: hours(scan.interval_hours),
            inventory_interval: hours(config.inventory.interval_hours),
            patience: scan.patience(),
            pace: scan.pace(),
            spool_bytes: config.spool.max_bytes,
        };
        let Some(policy) = policy else { return plan };
        if !policy.roots.is_empty() {
            plan.roots.clone_from(&policy.roots);
        }
        // What the technician leaves out on this machine stays out.
        plan.excluded.extend(policy.excluded.iter().cloned());
        plan.include_private_folders = policy
            .include_private_folders
            .unwrap_or(plan.include_private_folders);
        plan.max_file_bytes = policy.max_file_bytes.unwrap_or(plan.max_file_bytes);
        plan.scan_interval = policy.scan_interval_hours.map_or(plan.scan_interval, hours);
        plan.disabled_detectors
            .clone_from(&policy.disabled_detectors);
        plan.allowances.clone_from(&policy.allowances);
        plan.spool_bytes = policy.spool_max_bytes.unwrap_or(plan.spool_bytes);
        let (own, wishes) = (&mut plan.pace, &policy.pace);
        own.processor_percent = wishes.processor_percent.or(own.processor_percent);
        own.bytes_per_second = wishes.bytes_per_second.or(own.bytes_per_second);
        own.hours = wishes.hours.or(own.hours);
        own.on_battery = wishes.on_battery.unwrap_or(own.on_battery);
        plan
    }

    fn due(&self, completed: &Completed, now: Timestamp) -> Due {
        let is_due = |last: Option<&Timestamp>, interval: Duration| match last {
            None => true,
            // Completed in the future: the clock was wrong, then or now.
            Some(last) => *last > now || now.duration_since(*last).unsigned_abs() >= interval,
        };
        let root_is_due = |root: &&PathBuf| is_due(completed.roots.get(*root), self.scan_interval);
        Due {
            inventory: is_due(completed.inventory.as_ref(), self.inventory_interval),
            roots: self.roots.iter().filter(root_is_due).cloned().collect(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PaceWishes;

    fn plan() -> Plan {
        let mut config = Config::default();
        config.scan.roots = vec![PathBuf::from("/srv/a"), PathBuf::from("/srv/b")];
        Plan::new(&config, None)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_first_start_does_everything() {
        let due = plan().due(&Completed::default(), at("2026-11-21T08:00:00Z"));
        assert!(due.inventory);
        assert_eq!(due.roots.len(), 2);
    }

    #[test]
    fn a_root_is_due_again_after_its_interval() {
        let completed = Completed {
            inventory: Some(at("2026-11-21T08:00:00Z")),
            roots: [
                (PathBuf::from("/srv/a"), at("2026-11-21T08:00:00Z")),
                (PathBuf::from("/srv/b"), at("2026-11-20T07:00:00Z")),
            ]
            .into(),
        };
        let due = plan().due(&completed, at("2026-11-21T09:00:00Z"));
        assert_eq!(
            due,
            Due {
                inventory: false,
                roots: vec![PathBuf::from("/srv/b")]
            }
        );
    }

    #[test]
    fn a_completion_in_the_future_does_not_count() {
        let completed = Completed {
            inventory: Some(at("2036-01-01T00:00:00Z")),
            ..Completed::default()
        };
        assert!(plan().due(&completed, at("2026-11-21T09:00:00Z")).inventory);
    }

    #[test]
    fn the_policy_prevails_but_keeps_what_the_technician_excludes() {
        let mut config = Config::default();
        config.scan.roots = vec![PathBuf::from("/srv/a")];
        config.scan.excluded = vec!["**/photos/**".to_owned()];
        let policy = Policy {
            version: 1,
            roots: vec![PathBuf::from("/srv/partage")],
            excluded: vec!["**/iso/**".to_owned()],
            include_private_folders: None,
            max_file_bytes: None,
            scan_interval_hours: Some(168),
            disabled_detectors: vec!["plate".to_owned()],
            allowances: Vec::new(),
            spool_max_bytes: Some(1 << 20),
            pace: PaceWishes {
                bytes_per_second: Some(1_000_000),
                on_battery: Some(true),
                ..PaceWishes::default()
            },
        };
        let plan = Plan::new(&config, Some(&policy));
        assert_eq!(plan.roots, [PathBuf::from("/srv/partage")]);
        assert_eq!(plan.excluded, ["**/photos/**", "**/iso/**"]);
        assert_eq!(plan.max_file_bytes, Config::default().scan.max_file_bytes);
        assert_eq!(plan.scan_interval, Duration::from_secs(168 * 3600));
        assert_eq!(plan.spool_bytes, 1 << 20);
        let expected = pace::Limits {
            bytes_per_second: Some(1_000_000),
            on_battery: true,
            ..config.scan.pace()
        };
        assert_eq!(plan.pace, expected);
    }
}
