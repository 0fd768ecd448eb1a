//! What the operator asks of the agents, while they work.

use std::fs;

use beffroi_collector::model::{FileFilter, PageRequest};
use beffroi_tests::{agent::Agent, collector::Collector, town::TownHall, wait};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_applies_to_the_pass_that_is_under_way() {
    let (hall, urgent) = (TownHall::small(), TempDir::new().unwrap());
    fs::write(urgent.path().join("nir.txt"), "NIR 1 85 05 78 006 084 91").unwrap();
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de l'Impatience");
    let agent = Agent::new(&[&hall.share()]);
    // Hours for what the town hall holds.
    let slow = fs::read_to_string(agent.configuration()).unwrap();
    let slow = slow.replace("[scan]\n", "[scan]\nbytes_per_second = 20\n");
    fs::write(agent.configuration(), slow).unwrap();
    let token = collector.create_token(town);
    let address = collector.agents_address();
    agent.succeed(&["enrol", "--collector", &address, "--token", &token]);
    let mut running = agent.start(&["run"]);
    let store = collector.store().await;
    let store = store.of(town);
    // The inventory comes first; what the pass finds is sent by the hundred.
    wait::until("the inventory is done", wait::FOR_AN_AGENT, async || {
        let machines = store.machines().await.unwrap();
        machines.iter().any(|machine| machine.state.is_some())
    })
    .await;

    let policy = collector.data().join("politique.toml");
    let root = urgent.path().to_str().unwrap();
    let text = format!("roots = [{root:?}]\nbytes_per_second = 100000000\n");
    fs::write(&policy, text).unwrap();
    let organisation = town.to_string();
    let arguments = ["policy", "set", "--organisation", &organisation];
    collector.succeed(&[&arguments[..], &[policy.to_str().unwrap()]].concat());

    wait::until("the new root was read", wait::FOR_AN_AGENT, async || {
        let page = PageRequest {
            number: 0,
            size: 1000,
        };
        let files = store.files(&FileFilter::default(), page).await.unwrap();
        files.items.iter().any(|file| file.state.root == root)
    })
    .await;
    assert!(running.try_wait().unwrap().is_none(), "it goes on running");
    running.kill().unwrap();
    running.wait().unwrap();
}
