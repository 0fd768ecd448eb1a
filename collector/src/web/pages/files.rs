//! The files of a town: those that hold something, and those that could not be read whole.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::{
    MachineNames, Page, PageResult, Question,
    pager::{self, Pager},
};
use crate::{
    model::{self, DecisionFilter, File, FileFilter, HiddenFilter, MachineId},
    web::{
        Labels, WebState, french,
        labels::{self, Chip, DECISIONS, Tone, VERDICTS, decision_id, verdict_id},
        layout::{Layout, Section},
        town::Town,
    },
};

const PAGE_SIZE: u64 = 50;
const UNDECIDED: &str = "a-examiner";
const TO_REVIEW: &str = "a-revoir";

#[derive(Template)]
#[template(path = "files.html")]
struct Files {
    layout: Layout,
    asked: Asked,
    machines: Vec<Choice>,
    roots: Vec<Choice>,
    kinds: Vec<Choice>,
    verdicts: Vec<Choice>,
    decisions: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    /// Nothing was ever found here: not a matter of filters.
    nothing_yet: bool,
}

/// The filters, as the address spells them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    #[serde(rename = "type")]
    kind: String,
    verdict: String,
    decision: String,
    poste: String,
    racine: String,
    /// "oui": also files that are no longer there.
    partis: String,
    /// Only files in which this exception hides something.
    exception: String,
    page: Option<u64>,
}

struct Choice {
    value: String,
    label: String,
    selected: bool,
}

struct Row {
    address: String,
    folder: String,
    name: String,
    machine: String,
    kinds: Vec<Chip>,
    persons: String,
    state: Option<Chip>,
    exposure: Option<Chip>,
    decision: Option<Chip>,
    to_review: bool,
    gone: bool,
}

/// What the page reads.
struct Data {
    page: model::Page<File>,
    names: MachineNames,
    machines: Vec<(MachineId, String)>,
    roots: Vec<String>,
    kinds: Vec<String>,
}

pub(in crate::web) async fn show(
    State(web): State<WebState>,
    town: Town,
    Question(asked): Question<Asked>,
) -> PageResult<impl Template> {
    let store = town.store();
    let page = store
        .files(&asked.filter(), pager::request(asked.page, PAGE_SIZE))
        .await?;
    let names = MachineNames::of(&town).await?;
    let mut roots: Vec<String> = store
        .roots()
        .await?
        .into_iter()
        .map(|(_, root)| root)
        .collect();
    roots.sort();
    roots.dedup();
    let data = Data {
        page,
        machines: names.sorted(),
        names,
        roots,
        kinds: store.kinds_present().await?,
    };
    let layout = town.layout(Section::Files, "Fichiers");
    Ok(Page(Files::new(layout, asked, &data, &web.labels)))
}

impl Asked {
    /// What cannot be understood filters nothing.
    fn filter(&self) -> FileFilter {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        FileFilter {
            machine: self.poste.parse().ok(),
            root: some(&self.racine),
            kind: some(&self.kind),
            verdict: labels::verdict_of(&self.verdict),
            decision: match self.decision.as_str() {
                UNDECIDED => Some(DecisionFilter::Undecided),
                TO_REVIEW => Some(DecisionFilter::ToReview),
                id => labels::decision_of(id).map(DecisionFilter::Decided),
            },
            text: some(&self.q),
            include_gone: self.partis == "oui",
            hidden: self
                .exception
                .parse()
                .map_or(HiddenFilter::LeftOut, HiddenFilter::By),
        }
    }

    fn query(&self) -> [(&str, &str); 8] {
        [
            ("q", &self.q),
            ("type", &self.kind),
            ("verdict", &self.verdict),
            ("decision", &self.decision),
            ("poste", &self.poste),
            ("racine", &self.racine),
            ("partis", &self.partis),
            ("exception", &self.exception),
        ]
    }

    fn any(&self) -> bool {
        self.query().iter().any(|(_, value)| !value.is_empty())
    }

    fn gone_too(&self) -> bool {
        self.partis == "oui"
    }
}

impl Files {
    fn new(layout: Layout, asked: Asked, data: &Data, labels: &Labels) -> Self {
        let base = layout.base().to_owned();
        let choice = |value: &str, label: String, current: &str| Choice {
            selected: value == current,
            value: value.to_owned(),
            label,
        };
        let machines = data
            .machines
            .iter()
            .map(|(id, name)| choice(&id.to_string(), name.clone(), &asked.poste))
            .collect();
        let roots = data
            .roots
            .iter()
            .map(|root| choice(root, root.clone(), &asked.racine))
            .collect();
        let kinds = data
            .kinds
            .iter()
            .map(|kind| choice(kind, labels.kind(kind), &asked.kind))
            .collect();
        let verdicts = VERDICTS
            .into_iter()
            .map(|verdict| choice(verdict_id(verdict), labels.verdict(verdict), &asked.verdict))
            .collect();
        let mut decisions = vec![
            choice(UNDECIDED, "À examiner".to_owned(), &asked.decision),
            choice(
                TO_REVIEW,
                "À revoir : changés depuis".to_owned(),
                &asked.decision,
            ),
        ];
        decisions.extend(DECISIONS.into_iter().map(|decision| {
            let label = labels.decision(decision).text;
            choice(decision_id(decision), label, &asked.decision)
        }));
        let rows = data
            .page
            .items
            .iter()
            .map(|file| Row::new(file, &data.names, labels, &base))
            .collect();
        Self {
            pager: Pager::new(&data.page, &asked.query()),
            nothing_yet: data.page.total == 0 && !asked.any(),
            layout,
            asked,
            machines,
            roots,
            kinds,
            verdicts,
            decisions,
            rows,
        }
    }
}

impl Row {
    fn new(file: &File, names: &MachineNames, labels: &Labels, base: &str) -> Self {
        let state = &file.state;
        let (folder, name) = split(&state.path);
        let mut tallies: Vec<_> = state.tallies.iter().collect();
        tallies.sort_by_key(|tally| std::cmp::Reverse(tally.persons.max(tally.distinct)));
        let kinds = tallies
            .iter()
            .map(|tally| {
                let text = format!(
                    "{} × {}",
                    labels.kind(&tally.kind),
                    french::number(tally.count)
                );
                Chip::new(text, Tone::Plain)
            })
            .collect();
        let persons = state.tallies.iter().map(|tally| tally.persons).max();
        Self {
            address: format!("{base}/fichiers/{}", file.id),
            folder,
            name,
            machine: names.name(file.machine),
            kinds,
            persons: persons
                .filter(|persons| *persons > 0)
                .map(french::number)
                .unwrap_or_default(),
            state: (state.verdict != model::Verdict::Read)
                .then(|| Chip::new(labels.verdict(state.verdict), Tone::Warn)),
            exposure: state
                .readable_by
                .filter(|who| *who == model::ReadableBy::Everyone)
                .map(|_| Chip::new("Ouvert à tous", Tone::Bad)),
            decision: file
                .decision
                .as_ref()
                .map(|decision| labels.decision(decision.kind)),
            to_review: file.changed_since_decision,
            gone: file.gone_at.is_some(),
        }
    }
}

/// The folder, with its last separator, and the name; both systems' separators.
pub(super) fn split(path: &str) -> (String, String) {
    let name_at = path.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (folder, name) = path.split_at(name_at);
    (folder.to_owned(), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_becomes_a_filter() {
        let asked = Asked {
            kind: "nir".into(),
            verdict: "encrypted".into(),
            decision: "to_delete".into(),
            partis: "oui".into(),
            q: "  paie ".into(),
            ..Asked::default()
        };
        let filter = asked.filter();
        assert_eq!(filter.kind.as_deref(), Some("nir"));
        assert_eq!(filter.verdict, Some(model::Verdict::Encrypted));
        assert_eq!(
            filter.decision,
            Some(DecisionFilter::Decided(model::DecisionKind::ToDelete))
        );
        assert_eq!(filter.text.as_deref(), Some("paie"));
        assert!(filter.include_gone);
    }

    #[test]
    fn nonsense_filters_nothing() {
        let asked = Asked {
            verdict: "x".into(),
            decision: "x".into(),
            poste: "x".into(),
            ..Asked::default()
        };
        assert_eq!(asked.filter(), FileFilter::default());
    }

    #[test]
    fn a_path_is_cut_at_its_last_separator() {
        assert_eq!(
            split("/srv/rh/paie.csv"),
            ("/srv/rh/".into(), "paie.csv".into())
        );
        assert_eq!(
            split(r"S:\RH\paie.csv"),
            (r"S:\RH\".into(), "paie.csv".into())
        );
        assert_eq!(split("paie.csv"), (String::new(), "paie.csv".into()));
    }
}
