//! The overview of a town: where things stand, and what waits for somebody.

use askama::Template;
use axum::extract::State;
use jiff::Timestamp;

use super::{Page, PageResult};
use crate::{
    model::{DecisionFilter, FileFilter, Overview, PageRequest, Proposal, ProposalFilter, Verdict},
    web::{
        Labels, WebState, french,
        labels::{Chip, severity_rank, verdict_id},
        layout::{Layout, Section},
        town::Town,
    },
};

/// Proposals shown here; the others are one click away.
const PROPOSALS: usize = 5;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    layout: Layout,
    town: String,
    /// No machine has joined yet.
    empty: bool,
    /// No scan has finished yet.
    unscanned: bool,
    last_seen: Option<String>,
    figures: Vec<Figure>,
    clean: String,
    ledger: Vec<LedgerLine>,
    ledger_total: String,
    kinds: Vec<KindLine>,
    shortfalls: Vec<SeverityLine>,
    unknowns: u64,
    proposals: Vec<ProposalLine>,
    hidden: Option<String>,
}

struct Figure {
    value: String,
    label: &'static str,
    address: String,
    detail: Option<String>,
    attention: bool,
}

struct LedgerLine {
    label: String,
    files: String,
    /// Of a hundred, for the bar.
    percent: u64,
    share: String,
    /// The files that are named; the clean ones are only counted.
    address: Option<String>,
    class: &'static str,
}

struct KindLine {
    label: String,
    files: String,
    occurrences: String,
    address: String,
}

struct SeverityLine {
    chip: Chip,
    count: String,
}

struct ProposalLine {
    label: String,
    score: i32,
    address: String,
}

/// What the page reads.
struct Data {
    overview: Overview,
    /// Files read whole in which something was found: the others that were read are clean.
    read_with_findings: u64,
    /// Those that could not be read included: they wait for somebody too.
    undecided: u64,
    proposals: Vec<Proposal>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
) -> PageResult<impl Template> {
    let store = town.store();
    let read = FileFilter {
        verdict: Some(Verdict::Read),
        ..FileFilter::default()
    };
    let undecided = FileFilter {
        decision: Some(DecisionFilter::Undecided),
        ..FileFilter::default()
    };
    let one = PageRequest { number: 0, size: 1 };
    let data = Data {
        overview: store.overview().await?,
        read_with_findings: store.files(&read, one).await?.total,
        undecided: store.files(&undecided, one).await?.total,
        proposals: store.proposals(Some(ProposalFilter::Open)).await?,
    };
    let layout = town.layout(Section::Overview, "Vue d’ensemble");
    let name = town.organisation.name;
    Ok(Page(OverviewPage::new(
        layout,
        name,
        &data,
        &web.labels,
        web.now(),
    )))
}

impl OverviewPage {
    fn new(layout: Layout, town: String, data: &Data, labels: &Labels, now: Timestamp) -> Self {
        let overview = &data.overview;
        let base = layout.base().to_owned();
        let (ledger, ledger_total, clean) = ledger(data, labels, &base);
        let kinds = overview
            .kinds
            .iter()
            .map(|(kind, files, occurrences)| KindLine {
                label: labels.kind(kind),
                files: french::number(*files),
                occurrences: french::number(*occurrences),
                address: format!("{base}/fichiers?type={kind}"),
            })
            .collect();
        let mut shortfalls = overview.shortfalls.clone();
        shortfalls.sort_by_key(|(severity, _)| severity_rank(severity));
        let shortfalls = shortfalls
            .iter()
            .map(|(severity, count)| SeverityLine {
                chip: labels.severity(severity),
                count: french::count(*count, "écart", "écarts"),
            })
            .collect();
        let proposals = data
            .proposals
            .iter()
            .take(PROPOSALS)
            .map(|proposal| ProposalLine {
                label: proposal.label.clone(),
                score: proposal.score,
                address: format!("{base}/propositions/{}", proposal.id),
            })
            .collect();
        Self {
            empty: overview.machines == 0,
            unscanned: overview.verdicts.is_empty(),
            last_seen: overview.last_seen_at.map(|at| french::ago(at, now)),
            figures: figures(data, &base),
            clean,
            ledger,
            ledger_total,
            kinds,
            shortfalls,
            unknowns: overview.unknowns,
            hidden: hidden(overview),
            proposals,
            layout,
            town,
        }
    }
}

fn hidden(overview: &Overview) -> Option<String> {
    let sentence = || {
        let values = french::count(
            overview.hidden_values,
            "valeur masquée par une exception",
            "valeurs masquées par une exception",
        );
        let files = french::count(overview.hidden_files, "fichier", "fichiers");
        format!("{values}, dans {files}")
    };
    (overview.hidden_values > 0).then(sentence)
}

fn figures(data: &Data, base: &str) -> Vec<Figure> {
    let overview = &data.overview;
    let gaps: u64 = overview.shortfalls.iter().map(|(_, count)| count).sum();
    let never_seen = overview.machines_never_seen;
    vec![
        Figure {
            value: french::number(data.undecided),
            label: "Fichiers à examiner",
            address: format!("{base}/fichiers?decision=a-examiner"),
            detail: Some(format!(
                "dont {} avec des données personnelles",
                french::number(overview.files_undecided)
            )),
            attention: data.undecided > 0,
        },
        Figure {
            value: french::number(overview.proposals_open),
            label: "Traitements proposés",
            address: format!("{base}/propositions"),
            detail: Some("à accepter, modifier ou refuser".to_owned()),
            attention: overview.proposals_open > 0,
        },
        Figure {
            value: french::number(gaps),
            label: "Écarts de sécurité",
            address: format!("{base}/ecarts"),
            detail: (overview.unknowns > 0)
                .then(|| format!("et {} sans réponse", french::number(overview.unknowns))),
            attention: gaps > 0,
        },
        Figure {
            value: french::number(overview.activities),
            label: "Traitements au registre",
            address: format!("{base}/registre"),
            detail: None,
            attention: false,
        },
        Figure {
            value: french::number(overview.machines),
            label: "Postes",
            address: format!("{base}/postes"),
            detail: (never_seen > 0)
                .then(|| format!("dont {} sans nouvelles", french::number(never_seen))),
            attention: false,
        },
        Figure {
            value: french::number(overview.software),
            label: "Logiciels",
            address: format!("{base}/logiciels"),
            detail: None,
            attention: false,
        },
    ]
}

/// The lines, their total, and the sentence on clean files.
fn ledger(data: &Data, labels: &Labels, base: &str) -> (Vec<LedgerLine>, String, String) {
    let verdicts = &data.overview.verdicts;
    let total: u64 = verdicts.iter().map(|(_, files)| files).sum();
    let read: u64 = verdicts
        .iter()
        .filter(|(verdict, _)| *verdict == Verdict::Read)
        .map(|(_, files)| files)
        .sum();
    let clean = read.saturating_sub(data.read_with_findings);
    let line = |label, files, address, class| LedgerLine {
        label,
        files: french::number(files),
        percent: french::percent(files, total),
        share: share(files, total),
        address,
        class,
    };

    let mut lines = Vec::with_capacity(verdicts.len() + 1);
    if read > 0 {
        let address = format!("{base}/fichiers?verdict=read");
        lines.push(line(
            "Lus, sans donnée personnelle".to_owned(),
            clean,
            None,
            "good",
        ));
        lines.push(line(
            "Lus, avec des données personnelles".to_owned(),
            data.read_with_findings,
            Some(address),
            "",
        ));
    }
    for (verdict, files) in verdicts {
        if *verdict != Verdict::Read && *files > 0 {
            let address = format!("{base}/fichiers?verdict={}", verdict_id(*verdict));
            // Left aside on purpose, where others could not be read.
            // They are only counted, so that there is no list to lead to.
            let (address, class) = match verdict {
                Verdict::Excluded => (None, ""),
                _ => (Some(address), "bad"),
            };
            lines.push(line(labels.verdict(*verdict), *files, address, class));
        }
    }
    let clean = french::count(
        clean,
        "fichier lu et sans donnée personnelle",
        "fichiers lus et sans donnée personnelle",
    );
    (
        lines,
        french::count(total, "fichier rencontré", "fichiers rencontrés"),
        clean,
    )
}

/// A few files among thousands are not nothing.
fn share(files: u64, total: u64) -> String {
    match french::percent(files, total) {
        0 if files > 0 => "<\u{a0}1\u{a0}%".to_owned(),
        percent => format!("{percent}\u{a0}%"),
    }
}
