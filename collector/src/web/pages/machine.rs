//! One machine: what it is, what was observed on it, its software, and what its scans have read.

use askama::Template;
use axum::extract::State;
use jiff::Timestamp;

use super::{
    Page, PageResult,
    machines::{join, state},
    matching,
};
use crate::{
    marks::Known,
    model::{
        Fact, Gap, GapOutcome, Installation, JournalEntry, Machine, MachineId, MachineState, Pass,
        Verdict,
    },
    web::{
        Labels, WebState, french,
        labels::{Chip, severity_rank},
        layout::{Layout, Section},
        town::{Id, Town},
    },
};

/// Of what happened to a machine; the journal has the rest.
const MOST_HISTORY: usize = 20;

#[derive(Template)]
#[template(path = "machine.html")]
struct MachinePage {
    layout: Layout,
    name: String,
    state: Option<Chip>,
    files_address: String,
    identity: Vec<(&'static str, String)>,
    hardware: Vec<(&'static str, String)>,
    disks: Vec<DiskLine>,
    networks: Vec<(String, String, String)>,
    shortfalls: Vec<ShortfallLine>,
    facts: Vec<FactLine>,
    software: Vec<Installation>,
    unread_sources: Vec<String>,
    passes: Vec<PassBlock>,
    /// When and what.
    history: Vec<(String, String)>,
}

struct DiskLine {
    name: String,
    file_system: String,
    used: String,
    size: String,
    percent: u64,
}

struct ShortfallLine {
    title: String,
    severity: Chip,
    address: String,
}

struct FactLine {
    label: String,
    value: String,
    source: String,
    at: String,
}

struct PassBlock {
    root: String,
    started: String,
    finished: Option<String>,
    complete: bool,
    stop_reason: String,
    lines: Vec<PassLine>,
    total: String,
}

struct PassLine {
    label: String,
    reason: String,
    files: String,
    size: String,
}

/// What the page reads.
struct Data {
    machine: Machine,
    /// What is said of which machine it is.
    kinship: Kinship,
    installations: Vec<Installation>,
    unread_sources: Vec<String>,
    facts: Vec<Fact>,
    passes: Vec<Pass>,
    gaps: Vec<Gap>,
    history: Vec<JournalEntry>,
}

/// Which other machines it is, was, or comes from: names.
#[derive(Default)]
struct Kinship {
    origin: Option<String>,
    merged_into: Option<String>,
    predecessors: Vec<(MachineId, String)>,
}

impl Kinship {
    fn of(machine: MachineId, known: &Known) -> Self {
        let name = |id| {
            let named = known.machines.iter().find(|machine| machine.id == id);
            named.map(|machine| machine.host_name.clone())
        };
        let copy = known
            .detachments
            .iter()
            .find(|copy| copy.machine == machine);
        let merges = || known.merges.iter().map(|merge| merge.pair);
        let own = merges().find(|pair| pair.older == machine);
        Self {
            origin: copy.and_then(|copy| name(copy.origin)),
            merged_into: own.and_then(|pair| name(pair.newer)),
            predecessors: merges()
                .filter(|pair| pair.newer == machine)
                .filter_map(|pair| Some((pair.older, name(pair.older)?)))
                .collect(),
        }
    }
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Id(id): Id<MachineId>,
) -> PageResult<impl Template> {
    let store = town.store();
    let mut gaps = store.gaps(Some(GapOutcome::Shortfall)).await?;
    gaps.retain(|gap| gap.machine == Some(id));
    gaps.sort_by_key(|gap| severity_rank(&gap.severity));
    let machine = store.machine(id).await?;
    let kinship = Kinship::of(id, &matching::known(store).await?);
    let mut history = store.machine_history(id).await?;
    for (older, _) in &kinship.predecessors {
        history.extend(store.machine_history(*older).await?);
    }
    history.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let data = Data {
        machine,
        kinship,
        installations: store.installations(id).await?,
        unread_sources: store.unread_sources(id).await?,
        facts: store.facts(id).await?,
        passes: store.passes(id).await?,
        gaps,
        history,
    };
    let layout = town.layout(Section::Machines, &data.machine.host_name);
    Ok(Page(MachinePage::new(layout, data, &web.labels, web.now())))
}

impl MachinePage {
    fn new(layout: Layout, data: Data, labels: &Labels, now: Timestamp) -> Self {
        let base = layout.base();
        let machine = &data.machine;
        let hardware = machine.state.as_ref().map(hardware).unwrap_or_default();
        let disks = machine.state.as_ref().map(disks).unwrap_or_default();
        let networks = machine.state.as_ref().map(networks).unwrap_or_default();
        let shortfalls = data
            .gaps
            .iter()
            .map(|gap| ShortfallLine {
                title: gap.title.clone(),
                severity: labels.severity(&gap.severity),
                address: format!("{base}/ecarts/{}", gap.id),
            })
            .collect();
        let facts = data
            .facts
            .iter()
            .map(|fact| {
                let (label, value) = labels.fact(fact);
                FactLine {
                    label,
                    value,
                    source: fact.source.clone(),
                    at: french::moment(fact.observed_at),
                }
            })
            .collect();
        let passes = data
            .passes
            .iter()
            .map(|pass| PassBlock::new(pass, labels))
            .collect();
        let history = data
            .history
            .into_iter()
            .take(MOST_HISTORY)
            .map(|entry| (french::moment(entry.at), entry.detail))
            .collect();
        Self {
            name: machine.host_name.clone(),
            state: state(machine, data.kinship.merged_into.is_some()),
            files_address: format!("{base}/fichiers?poste={}", machine.id),
            identity: identity(machine, &data.kinship, now),
            hardware,
            disks,
            networks,
            shortfalls,
            facts,
            software: data.installations,
            unread_sources: data.unread_sources,
            passes,
            history,
            layout,
        }
    }
}

fn identity(machine: &Machine, kinship: &Kinship, now: Timestamp) -> Vec<(&'static str, String)> {
    let mut terms = vec![
        (
            "Dernier contact",
            machine.last_seen_at.map_or_else(
                || "jamais".to_owned(),
                |at| format!("{} ({})", french::moment(at), french::ago(at, now)),
            ),
        ),
        ("Inscrit le", french::moment(machine.enrolled_at)),
    ];
    if let Some(tag) = &machine.tag {
        terms.push(("Étiquette", tag.clone()));
    }
    if let Some(origin) = &kinship.origin {
        terms.push(("Copie du disque de", origin.clone()));
    }
    if let Some(newer) = &kinship.merged_into {
        terms.push(("Fusionné dans", newer.clone()));
    }
    for (_, older) in &kinship.predecessors {
        terms.push(("Réunit aussi", older.clone()));
    }
    if let Some(at) = machine.state_received_at {
        terms.push(("Dernier inventaire", french::moment(at)));
    }
    if let Some(at) = machine.revoked_at {
        terms.push(("Accès retiré le", french::moment(at)));
    }
    if let Some(offset) = machine.clock_offset_seconds.filter(|offset| *offset != 0) {
        terms.push(("Décalage de l’horloge", format!("{offset}\u{a0}s")));
    }
    terms.push(("Version de l’agent", machine.agent_version.clone()));
    terms.push(("Version des règles", machine.rules_version.clone()));
    terms.retain(|(_, value)| !value.is_empty());
    terms
}

fn hardware(state: &MachineState) -> Vec<(&'static str, String)> {
    let mut terms = vec![
        ("Système", join(&state.os_name, &state.os_version)),
        ("Noyau", state.kernel_version.clone()),
        ("Modèle", join(&state.manufacturer, &state.model)),
        ("Numéro de série", state.serial_number.clone()),
        ("Processeur", processor(state)),
        ("Mémoire", french::size(state.memory_bytes)),
        (
            "Démarré le",
            state.boot_time.map(french::moment).unwrap_or_default(),
        ),
    ];
    terms.retain(|(_, value)| !value.is_empty());
    terms
}

fn processor(state: &MachineState) -> String {
    let cores = match state.cpu_cores {
        0 => String::new(),
        cores => format!("({})", french::count(cores.into(), "cœur", "cœurs")),
    };
    join(&join(&state.cpu, &state.architecture), &cores)
}

fn disks(state: &MachineState) -> Vec<DiskLine> {
    state
        .disks
        .iter()
        .map(|disk| {
            let used = disk.size_bytes.saturating_sub(disk.free_bytes);
            DiskLine {
                name: disk.mount_point.clone(),
                file_system: disk.file_system.clone(),
                used: french::size(used),
                size: french::size(disk.size_bytes),
                percent: french::percent(used, disk.size_bytes),
            }
        })
        .collect()
}

fn networks(state: &MachineState) -> Vec<(String, String, String)> {
    state
        .networks
        .iter()
        .map(|network| {
            (
                network.name.clone(),
                network.addresses.join(", "),
                network.mac.clone(),
            )
        })
        .collect()
}

impl PassBlock {
    fn new(pass: &Pass, labels: &Labels) -> Self {
        let lines = pass
            .totals
            .iter()
            .map(|total| PassLine {
                label: labels.verdict(total.verdict),
                reason: match total.verdict {
                    Verdict::Read => String::new(),
                    _ => labels.reason(&total.reason),
                },
                files: french::number(total.files),
                size: french::size(total.size_bytes),
            })
            .collect();
        let total = pass.totals.iter().map(|total| total.files).sum();
        Self {
            root: pass.root.clone(),
            started: french::moment(pass.started_at),
            finished: pass.finished_at.map(french::moment),
            complete: pass.complete,
            stop_reason: pass.stop_reason.clone(),
            lines,
            total: french::count(total, "fichier rencontré", "fichiers rencontrés"),
        }
    }
}
