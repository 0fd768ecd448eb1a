//! Clocks that jump and collectors that come back from a backup: in the end the collector knows what the agent knows.

use std::fs;

use beffroi_tests::{
    agent::Agent, collector::Collector, folder::copy_folder, outcome, programs::at_time,
    town::TownHall, wait,
};
use tempfile::TempDir;

const HOLDS_A_NIR: &str = "NIR 1 85 05 78 006 084 91";

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_jump_by_two_years_lose_and_double_nothing() {
    let hall = TownHall::small();
    let share = hall.share();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Temps-Perdu");
    let mut agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);
    let write = |name: &str| fs::write(share.join(name), HOLDS_A_NIR).unwrap();
    // Two years ahead nobody believes anybody; what is collected waits.
    for (agents, collectors, exit) in [
        ("-730d", "+0d", 0),
        ("+730d", "+0d", 13),
        ("+0d", "-730d", 13),
        ("+0d", "+730d", 13),
        ("+0d", "+0d", 0),
    ] {
        write(&format!("né à {agents} {collectors}.txt"));
        collector.kill();
        collector.wrapper = at_time(collectors);
        collector.serve();
        agent = agent.wrapped(&at_time(agents));
        let output = agent.run(&["run", "--once"]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(exit),
            "{agents} {collectors}: {message}"
        );
    }
    let known = outcome::of(&collector, town).await;
    let expected = outcome::undisturbed(&[&share]).await;
    outcome::assert_same(&known, &expected, "after jumps of the clocks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_restored_from_a_backup_learns_again_what_it_forgot() {
    let hall = TownHall::small();
    let share = hall.share();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de la Restauration");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);
    let old = share.join("ancien.txt");
    fs::write(&old, HOLDS_A_NIR).unwrap();
    agent.succeed(&["run", "--once"]);
    collector.kill();
    let backup = TempDir::new().unwrap();
    copy_folder(&collector.data(), backup.path());
    collector.serve();
    // A day of work that the backup does not have.
    fs::remove_file(old).unwrap();
    fs::write(share.join("nouveau.txt"), HOLDS_A_NIR).unwrap();
    for _ in 0..3 {
        agent.succeed(&["run", "--once"]);
    }

    // It comes back while the agent is at work, which has no reason of its own to look at anything again.
    let mut running = agent.start(&["run"]);
    collector.kill();
    fs::remove_dir_all(collector.data()).unwrap();
    fs::create_dir(collector.data()).unwrap();
    copy_folder(backup.path(), &collector.data());
    collector.serve();

    let store = collector.store().await;
    let store = store.of(town);
    wait::until(
        "the new file is known, and the old one gone",
        wait::FOR_AN_AGENT,
        async || {
            use beffroi_collector::model::{FileFilter, PageRequest};
            let page = PageRequest {
                number: 0,
                size: 10_000,
            };
            let files = store
                .files(&FileFilter::default(), page)
                .await
                .unwrap()
                .items;
            let is_known = |name: &str| files.iter().any(|file| file.state.path.ends_with(name));
            is_known("nouveau.txt") && !is_known("ancien.txt")
        },
    )
    .await;
    running.kill().unwrap();
    running.wait().unwrap();
    agent.succeed(&["run", "--once"]);

    let mut known = outcome::of(&collector, town).await;
    let expected = outcome::undisturbed(&[&share]).await;
    // That it was there once, the backup knows.
    let files = known["files"].as_array_mut().unwrap();
    let gone = files.iter().position(|file| file["gone"] == true).unwrap();
    let gone = files.remove(gone);
    assert!(
        gone["state"]["path"]
            .as_str()
            .unwrap()
            .ends_with("ancien.txt")
    );
    outcome::assert_same(&known, &expected, "after a restored backup");
}
