//! `doctor`: one line per check, each failure with what to do. Changes nothing.

use std::fmt::Display;

use beffroi_agent::{
    config::Config,
    exit::Exit,
    identity::{Identity, IdentityError},
    policy::Policy,
    spool::Spool,
    state::StateFolder,
    transport::{self, Proxy},
    update::{Updates, own_version},
    worker::Worker,
};
use beffroi_rules::pack::Pack;
use jiff::{Timestamp, tz::TimeZone};

pub(super) fn run(config: &Config) -> anyhow::Result<Exit> {
    let mut report = Report {
        exit: Exit::Success,
    };
    let path = &config.agent.state;
    // Opening the spool would make its folder; looking must not.
    let state = if path.is_dir() {
        StateFolder::open(path).map(Some)
    } else {
        Ok(None)
    };
    let state = match state {
        Ok(Some(state)) => {
            report.good("dossier d'état", path.display());
            Some(state)
        }
        Ok(None) => None,
        Err(error) => {
            report.bad(Exit::Configuration, "dossier d'état", error);
            None
        }
    };
    if let Some(state) = &state {
        check_program(&mut report, &Updates::new(state, config.update.settings()));
    }
    check_roots(&mut report, config);
    check_worker(&mut report, config);
    let rules_version = check_rules(&mut report);
    let identity = state
        .as_ref()
        .ok_or(IdentityError::NotEnrolled)
        .and_then(Identity::load);
    match identity {
        Ok(identity) => {
            let policy = state
                .as_ref()
                .and_then(|state| Policy::load(state, &identity).ok()?);
            let collectors = transport::collectors(&identity, policy.as_ref());
            let proxy = &config.network.proxy;
            check_identity(&mut report, &identity, &collectors, proxy, &rules_version)?;
        }
        Err(error) => report.bad(Exit::NotEnrolled, "identité", error),
    }
    if let Some(state) = state.filter(|state| state.file("spool").is_dir()) {
        match Spool::open(&state.file("spool"), config.spool.max_bytes) {
            Ok(spool) => {
                let (batches, bytes) = spool.waiting();
                report.good(
                    "file d'attente",
                    format_args!("{batches} lot(s), {bytes} octets"),
                );
            }
            Err(error) => report.bad(Exit::Configuration, "file d'attente", error),
        }
    }
    Ok(report.exit)
}

/// The service may start another program than this one.
fn check_program(report: &mut Report, updates: &Updates) {
    const WHAT: &str = "programme";
    match updates.starts() {
        Some(version) => report.good(
            WHAT,
            format_args!("installé {}, le service lance {version}", own_version()),
        ),
        None => report.good(WHAT, own_version()),
    }
}

fn check_roots(report: &mut Report, config: &Config) {
    if config.scan.roots.is_empty() {
        report.good(
            "dossiers à analyser",
            "aucun dans la configuration ; une politique du collecteur peut en donner",
        );
    }
    for root in &config.scan.roots {
        match std::fs::read_dir(root) {
            Ok(_) => report.good("dossier à analyser", root.display()),
            Err(error) => {
                let sentence = format!("{} : {error}", root.display());
                report.bad(Exit::Configuration, "dossier à analyser", sentence);
            }
        }
    }
}

fn check_worker(report: &mut Report, config: &Config) {
    const WHAT: &str = "lecteur de fichiers";
    let confinement = match Worker::new(config.scan.patience()).confinement() {
        Ok(confinement) => confinement,
        Err(error) => return report.bad(Exit::Failure, WHAT, error),
    };
    let standing = confinement.standing().join(", ");
    let missing = confinement.missing().join(", ");
    if !confinement.is_sound() {
        let sentence = format!(
            "ce système ne donne pas : {missing} ; un fichier piégé pourrait agir avec les droits de l'agent"
        );
        report.bad(Exit::Failure, WHAT, sentence);
    } else if missing.is_empty() {
        report.good(WHAT, format_args!("isolé ({standing})"));
    } else {
        let sentence = format!("isolé ({standing}) ; ce système ne donne pas : {missing}");
        report.good(WHAT, sentence);
    }
}

fn check_rules(report: &mut Report) -> String {
    match Pack::embedded() {
        Ok(pack) => {
            report.good("règles", format_args!("version {}", pack.version));
            pack.version
        }
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                report.bad(Exit::Failure, "règles", diagnostic);
            }
            String::new()
        }
    }
}

fn check_identity(
    report: &mut Report,
    identity: &Identity,
    collectors: &[String],
    proxy: &Proxy,
    rules_version: &str,
) -> anyhow::Result<()> {
    let until = identity
        .expires_at()
        .map(|at| {
            at.to_zoned(TimeZone::system())
                .strftime("%d/%m/%Y")
                .to_string()
        })
        .unwrap_or_default();
    report.good(
        "identité",
        format_args!(
            "{} ({}), certificat jusqu'au {until}",
            identity.organisation_name, identity.agent
        ),
    );
    let runtime = super::runtime()?;
    let mut failure = None;
    for collector in collectors {
        let way = proxy.on_the_way_to(collector);
        let way = way.map_or_else(String::new, |proxy| format!(", par le mandataire {proxy}"));
        let greeting = transport::greet(identity, collector, proxy, rules_version);
        match runtime.block_on(greeting) {
            Ok(collector_time) => {
                report.good("collecteur", format_args!("{collector}{way}"));
                check_clock(report, collector_time);
                return Ok(());
            }
            // That of the first address: it is the one that should answer.
            Err(error) => drop(failure.get_or_insert(error)),
        }
    }
    if let Some(error) = failure {
        report.bad(Exit::from(&error), "collecteur", error);
    }
    Ok(())
}

fn check_clock(report: &mut Report, collector_time: Timestamp) {
    let offset = Timestamp::now().as_second() - collector_time.as_second();
    if offset.abs() > transport::CLOCK_TOLERANCE_SECONDS {
        let sentence =
            format!("{offset} s d'écart avec le collecteur ; mettez la machine à l'heure");
        report.bad(Exit::Failure, "horloge", sentence);
    } else {
        report.good(
            "horloge",
            format_args!("{offset} s d'écart avec le collecteur"),
        );
    }
}

struct Report {
    /// That of the first failure.
    exit: Exit,
}

impl Report {
    fn good(&self, what: &str, detail: impl Display) {
        println!("bon     {what} : {detail}");
    }

    fn bad(&mut self, exit: Exit, what: &str, error: impl Display) {
        if self.exit == Exit::Success {
            self.exit = exit;
        }
        println!("À VOIR  {what} : {error}");
    }
}
