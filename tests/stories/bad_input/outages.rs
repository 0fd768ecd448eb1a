//! A collector that is down, addresses that are taken, folders that cannot be written, words that are mistyped.

use std::{fs, net::TcpListener, process::Command};

use beffroi_collector::model::{FileFilter, PageRequest};
use beffroi_tests::{
    agent::Agent,
    collector::{self, Collector},
    programs::{program, repository},
    town::TownHall,
};
use tempfile::TempDir;

use super::{assert_told, wait_until, waiting_batches};

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_down_at_start_gets_everything_later() {
    let hall = TownHall::small();
    let roots = hall.roots();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&roots[0]]);
    collector.kill();

    assert_told(
        &agent.run(&["run", "--once"]),
        14,
        &["ne répond pas", "démarré"],
    );
    assert!(waiting_batches(&agent) > 0);

    collector.serve();
    agent.succeed(&["run", "--once"]);
    assert_eq!(waiting_batches(&agent), 0);
    let store = collector.store().await;
    let page = PageRequest { number: 0, size: 1 };
    assert!(
        store
            .of(town)
            .files(&FileFilter::default(), page)
            .await
            .unwrap()
            .total
            > 0
    );
}

#[test]
fn an_agent_that_keeps_running_waits_for_its_collector() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    collector.kill();
    let mut running = agent.start(&["run"]);
    wait_until("the agent says that nobody answers", || {
        fs::read_to_string(agent.log())
            .unwrap_or_default()
            .contains("ne répond pas")
    });
    collector.serve();
    wait_until("the spool is delivered", || {
        agent.state().join("spool/acknowledged").exists() && waiting_batches(&agent) == 0
    });
    assert!(running.try_wait().unwrap().is_none(), "it goes on running");
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn an_address_in_use_is_named() {
    let collector = Collector::initialise(&[]);
    let _occupied = TcpListener::bind(collector.pages).unwrap();
    let output = collector.run(&["serve"]);
    assert_told(&output, 12, &[&collector.pages.to_string(), "listen"]);
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let data = file.path().join("data");
    let output = collector::command(&data, &["init"]).output().unwrap();
    assert_told(&output, 10, &[data.to_str().unwrap(), "--data"]);
}

#[test]
fn a_state_folder_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let configuration = TempDir::new().unwrap();
    let path = configuration.path().join("agent.toml");
    fs::write(
        &path,
        format!("[agent]\nstate = '{}/state'\n", file.path().display()),
    )
    .unwrap();
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de Trifouilly"));
    let output = Command::new(program("beffroi-agent"))
        .args(["--config", path.to_str().unwrap(), "enrol"])
        .args([
            "--collector",
            &collector.agents_address(),
            "--token",
            &token,
        ])
        .output()
        .unwrap();
    assert_told(&output, 10, &["dossier d'état", "[agent] state"]);
    // The token was not spent on a machine that could not keep what it bought.
    Agent::enrolled(&collector, &token, &[]);
}

#[test]
fn a_collector_that_was_not_initialised_says_how() {
    let folder = TempDir::new().unwrap();
    let output = collector::command(folder.path(), &["serve"])
        .output()
        .unwrap();
    assert_told(&output, 11, &["init"]);
}

#[test]
fn a_second_agent_on_the_same_state_is_refused() {
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de Trifouilly"));
    let agent = Agent::enrolled(&collector, &token, &[]);
    let mut running = agent.start(&["run"]);
    wait_until("the first has delivered", || {
        agent.state().join("spool/acknowledged").exists()
    });
    assert_told(
        &agent.run(&["run", "--once"]),
        10,
        &["un autre beffroi-agent"],
    );
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn a_typo_in_a_configuration_is_shown_with_its_line() {
    let agent = Agent::new(&[]);
    fs::write(agent.configuration(), "[scan]\nrots = []\n").unwrap();
    assert_told(&agent.run(&["doctor"]), 10, &["rots", "line 2", "roots"]);

    let collector = Collector::initialise(&[]);
    fs::write(
        collector.data().join("collector.toml"),
        "[web]\nlisten = '0.0.0.0:80'\n",
    )
    .unwrap();
    assert_told(
        &collector.run(&["serve"]),
        10,
        &["en clair", "behind_proxy"],
    );
}

#[test]
fn a_rule_with_a_typo_is_shown_with_its_place_and_what_was_meant() {
    let collector = Collector::initialise(&[]);
    let rules = collector.data().join("rules/gaps");
    fs::create_dir_all(&rules).unwrap();
    let good = fs::read_to_string(repository().join("rules/gaps/disk-not-encrypted.toml")).unwrap();
    fs::write(
        rules.join("maison.toml"),
        good.replacen("severity", "severitty", 1),
    )
    .unwrap();

    for verb in [["serve"].as_slice(), &["rules", "check"]] {
        let output = collector.run(verb);
        assert_told(
            &output,
            10,
            &["gaps/maison.toml:", "severitty", "did you mean `severity`"],
        );
    }
    let output = collector.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("gaps/maison.toml:"));

    fs::write(rules.join("maison.toml"), &good).unwrap();
    assert!(
        collector
            .succeed(&["rules", "check"])
            .contains("tous les exemples tiennent")
    );
}

#[test]
fn doctor_tells_what_is_wrong_and_what_is_right() {
    let mut collector = Collector::start();
    let healthy = collector.succeed(&["doctor"]);
    assert!(
        healthy.contains("base") && !healthy.contains("À VOIR"),
        "{healthy}"
    );
    let token = collector.create_token(collector.create_organisation("Commune de Trifouilly"));
    let agent = Agent::enrolled(&collector, &token, &[]);
    let healthy = agent.succeed(&["doctor"]);
    assert!(
        healthy.contains("collecteur") && !healthy.contains("À VOIR"),
        "{healthy}"
    );

    collector.kill();
    let output = agent.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(14));
    assert!(String::from_utf8_lossy(&output.stdout).contains("À VOIR  collecteur"));
    fs::write(collector.data().join("pki/operator.key"), "zz").unwrap();
    let output = collector.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("operator.key"));
}
