//! A technician enrols a machine, the agent scans a town hall's share, the DPO finds it in the collector.

use std::collections::BTreeMap;

use beffroi_collector::model::{
    File, FileFilter, GapOutcome, OrganisationId, PageRequest, Pass, ProposalStatus, Verdict,
};
use beffroi_collector::store::Store;
use beffroi_tests::{
    agent::Agent,
    collector::Collector,
    conclusions,
    town::{Found, TownHall},
};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_planted_is_found_and_proposed_with_sqlite() {
    what_was_planted_is_found_and_proposed(Collector::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_planted_is_found_and_proposed_with_postgresql() {
    let mut collector = Collector::initialise(&["--database", &crate::postgres::fresh_database()]);
    collector.serve();
    what_was_planted_is_found_and_proposed(collector).await;
}

async fn what_was_planted_is_found_and_proposed(collector: Collector) {
    let hall = TownHall::generate();
    let town = collector.create_organisation(&hall.manifest.commune.name);
    let roots = hall.roots();
    let roots: Vec<_> = roots.iter().map(std::path::PathBuf::as_path).collect();
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &roots);

    agent.succeed(&["run", "--once"]);

    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    let files = all_files(&store, town).await;
    let found = files
        .iter()
        .map(|file| (hall.relative(&file.state.path), counts(file)))
        .collect();
    assert_eq!(hall.differences(&found), Vec::<String>::new());
    assert_ledger_is_complete(&hall, &files, &store.of(town).all_passes().await.unwrap());
    assert_knowledge_names_its_evidence(&store, town).await;
}

async fn all_files(store: &Store, town: OrganisationId) -> Vec<File> {
    let page = PageRequest {
        number: 0,
        size: 10_000,
    };
    store
        .of(town)
        .files(&FileFilter::default(), page)
        .await
        .unwrap()
        .items
}

fn counts(file: &File) -> Found {
    let tallies = file
        .state
        .tallies
        .iter()
        .filter(|tally| tally.high + tally.medium > 0);
    tallies
        .map(|tally| {
            (
                tally.kind.clone(),
                (tally.high + tally.medium, tally.distinct),
            )
        })
        .collect()
}

/// Every file of the share has one verdict, and the totals add up to the share.
fn assert_ledger_is_complete(hall: &TownHall, files: &[File], passes: &[Pass]) {
    assert!(passes.iter().all(|pass| pass.complete), "{passes:?}");
    let total: u64 = passes
        .iter()
        .flat_map(|pass| &pass.totals)
        .map(|total| total.files)
        .sum();
    assert_eq!(total, hall.manifest.files.len() as u64);
    for file in &hall.manifest.files {
        let reported = files
            .iter()
            .find(|known| hall.relative(&known.state.path) == file.path);
        let reported = reported.map_or(Verdict::Read, |known| known.state.verdict);
        let right = std::iter::once(&file.verdict).chain(&file.also_right);
        let below_an_excluded_folder = file.verdict == beffroi_towns::Verdict::Excluded;
        assert!(
            below_an_excluded_folder
                || right
                    .clone()
                    .any(|verdict| word(verdict) == word(&reported)),
            "{}: {reported:?}",
            file.path
        );
    }
    let excluded: u64 = passes
        .iter()
        .flat_map(|pass| &pass.totals)
        .filter(|total| total.verdict == Verdict::Excluded)
        .map(|total| total.files)
        .sum();
    assert_eq!(
        excluded,
        hall.manifest.verdicts()[&beffroi_towns::Verdict::Excluded] as u64
    );
}

/// Verdicts have the same words everywhere.
fn word(verdict: &impl serde::Serialize) -> String {
    serde_json::to_value(verdict)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

async fn assert_knowledge_names_its_evidence(store: &Store, town: OrganisationId) {
    let store = store.of(town);
    let proposals = store.proposals(None).await.unwrap();
    for expected in ["paie", "etat-civil", "restauration-scolaire"] {
        assert!(
            proposals.iter().any(|proposal| proposal.rule == expected),
            "no proposal {expected}"
        );
    }
    for proposal in &proposals {
        assert_eq!(proposal.status, ProposalStatus::Open);
        assert!(
            proposal
                .evidence
                .iter()
                .any(|line| !line.sources.is_empty()),
            "{proposal:?}"
        );
        assert!(!proposal.rules_version.is_empty());
    }
    let gaps = store.gaps(None).await.unwrap();
    assert!(
        gaps.iter()
            .any(|gap| gap.outcome != GapOutcome::NotApplicable)
    );
    for gap in gaps
        .iter()
        .filter(|gap| gap.outcome == GapOutcome::Shortfall)
    {
        assert!(
            !gap.proof.is_empty() && !gap.sources.is_empty() && !gap.remedy.is_empty(),
            "{gap:?}"
        );
    }
    let machines = store.machines().await.unwrap();
    let [machine] = machines.as_slice() else {
        panic!("one machine: {machines:?}")
    };
    assert!(
        machine
            .state
            .as_ref()
            .is_some_and(|state| !state.os_name.is_empty())
    );
    assert!(!store.installations(machine.id).await.unwrap().is_empty());
    assert!(!store.census().await.unwrap().is_empty());
}

#[test]
fn the_stand_alone_scan_says_the_same_in_json() {
    let hall = TownHall::generate();
    let agent = Agent::new(&[]);
    let share = hall.share();

    let output = agent.run(&["scan", share.to_str().unwrap(), "--format", "json"]);

    // Some files of the share cannot be read: exit code 3, as the help says.
    assert_eq!(
        output.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = lines.pop().unwrap();
    assert!(summary["summary"].is_object(), "{summary}");
    let found: BTreeMap<_, _> = lines
        .iter()
        .map(|line| (hall.relative(text(&line["path"])), found(line)))
        .collect();
    assert_eq!(hall.differences(&found), Vec::<String>::new());
    let verdicts = [
        "read",
        "partly_read",
        "unreadable",
        "encrypted",
        "too_large",
        "locked",
        "excluded",
        "unsupported",
    ];
    for line in &lines {
        assert!(verdicts.contains(&text(&line["verdict"])), "{line}");
        assert!(
            line["type"].is_string() && line["reason"].is_string(),
            "{line}"
        );
    }
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a text: {value}"))
}

fn found(line: &Value) -> Found {
    let number = |value: &Value| value.as_u64().unwrap();
    let tallies = line["tallies"].as_array().unwrap().iter();
    tallies
        .map(|tally| {
            let sure =
                number(&tally["confidence"]["high"]) + number(&tally["confidence"]["medium"]);
            (
                text(&tally["kind"]).to_owned(),
                (sure, number(&tally["distinct"])),
            )
        })
        .filter(|(_, (sure, _))| *sure > 0)
        .collect()
}

#[test]
fn show_report_prints_what_would_be_sent_and_sends_nothing() {
    let hall = TownHall::small();
    let roots = hall.roots();
    let agent = Agent::new(&[roots[0].as_path()]);

    let printed = agent.succeed(&["show-report"]);

    let reports: Vec<Value> = printed
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    for about in ["machine", "installations", "facts", "file"] {
        let said = |report: &Value| {
            report
                .to_string()
                .to_lowercase()
                .contains(&format!("\"{about}\""))
        };
        assert!(reports.iter().any(said), "nothing about {about}");
    }
    let leaks = beffroi_towns::LeakSearch::new(&hall.manifest).unwrap();
    assert!(leaks.leaks_in(printed.as_bytes()).is_empty());
    assert!(
        !agent.state().exists(),
        "looking must not create the agent's state"
    );
}
