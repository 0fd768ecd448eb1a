//! Shares that disappear, scans that are stopped.

use std::{
    fs,
    path::Path,
    process::{Child, Command},
};

use beffroi_collector::model::{FileFilter, PageRequest};
use beffroi_tests::{agent::Agent, collector::Collector, conclusions, town::TownHall};

use super::{assert_told, wait_until, waiting_batches};

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_disappears_closes_nothing() {
    let hall = TownHall::small();
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let share = hall.share();
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);
    agent.succeed(&["run", "--once"]);
    let store = collector.store().await;
    let page = PageRequest { number: 0, size: 1 };
    let before = store
        .of(town)
        .files(&FileFilter::default(), page)
        .await
        .unwrap()
        .total;
    assert!(before > 0);

    let away = share.with_extension("away");
    fs::rename(&share, &away).unwrap();
    let output = agent.run(&["run", "--once"]);
    assert_told(&output, 0, &["partage", "n'est plus accessible"]);

    conclusions::wait_for(&store, town).await;
    let after = store
        .of(town)
        .files(&FileFilter::default(), page)
        .await
        .unwrap()
        .total;
    assert_eq!(after, before, "what was not seen is unknown, not gone");
    let passes = store.of(town).all_passes().await.unwrap();
    assert!(
        passes
            .iter()
            .any(|pass| !pass.complete && pass.stop_reason == "root_unavailable"),
        "{passes:?}"
    );

    // Back again, with one file less: that one is gone.
    fs::rename(&away, &share).unwrap();
    let lost = a_file_with_findings(&hall);
    fs::remove_file(share.join(&lost)).unwrap();
    agent.succeed(&["run", "--once"]);
    let after = store
        .of(town)
        .files(&FileFilter::default(), page)
        .await
        .unwrap()
        .total;
    assert_eq!(after, before - 1);
}

#[test]
fn a_scan_under_way_ends_when_the_service_is_stopped_and_begins_again_at_the_next_start() {
    let hall = TownHall::small();
    let share = hall.share();
    let slow = share.join("00 lent.txt");
    fs::write(&slow, "Mme Martin, tél. 06 39 98 00 01\n".repeat(2_000_000)).unwrap();
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de Trifouilly"));
    let agent = Agent::enrolled(&collector, &token, &[&share]);
    let mut running = agent.start(&["run"]);
    wait_until_reading(&running, &slow);

    let id = running.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );

    assert!(running.wait().unwrap().success());
    let schedule = fs::read_to_string(agent.state().join("schedule.json")).unwrap();
    let schedule: serde_json::Value = serde_json::from_str(&schedule).unwrap();
    assert!(schedule["inventory"].is_string() && schedule["roots"] == serde_json::json!({}));
    fs::remove_file(&slow).unwrap();
    agent.succeed(&["run", "--once"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_disappears_during_the_scan_ends_the_pass_and_closes_nothing() {
    let hall = TownHall::small();
    let share = hall.share();
    // Long enough to be caught in the act, and first in the order of names.
    let slow = share.join("00 lent.txt");
    let line = "Mme Martin, tél. 06 39 98 00 01, née le 3 mars 1961, 1 rue des Écoles\n";
    fs::write(&slow, line.repeat(100_000)).unwrap();
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);

    let mut running = agent.start(&["run", "--once"]);
    wait_until_reading(&running, &slow);
    fs::rename(&share, share.with_extension("away")).unwrap();

    assert!(running.wait().unwrap().success());
    assert!(
        fs::read_to_string(agent.log())
            .unwrap()
            .contains("n'est plus accessible")
    );
    let passes = collector.store().await.of(town).all_passes().await.unwrap();
    assert_eq!(passes.len(), 1);
    assert!(!passes[0].complete);
    assert_eq!(passes[0].stop_reason, "root_unavailable");
    assert_eq!(waiting_batches(&agent), 0);
}

fn a_file_with_findings(hall: &TownHall) -> String {
    let file = hall
        .manifest
        .files
        .iter()
        .find(|file| !file.expected.is_empty());
    file.expect("the town plants values").path.clone()
}

fn wait_until_reading(agent: &Child, file: &Path) {
    let descriptors = format!("/proc/{}/fd", agent.id());
    wait_until("the file is being read", || {
        let open = fs::read_dir(&descriptors).into_iter().flatten().flatten();
        open.filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|path| path == file)
    });
}
