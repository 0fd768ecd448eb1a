//! What goes wrong in real towns: each gets one clear sentence, the promised exit code, and nothing is lost.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output},
    time::{Duration, Instant},
};

use beffroi_collector::model::{FileFilter, PageRequest};
use beffroi_tests::{
    agent::Agent,
    collector::{self, Collector},
    conclusions,
    programs::{program, repository},
    town::TownHall,
};
use tempfile::TempDir;

/// One sentence on standard error, and the exit code that the help promises.
#[track_caller]
fn assert_told(output: &Output, exit: i32, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{message}");
    for word in words {
        assert!(
            message.contains(word),
            "« {word} » is missing in: {message}"
        );
    }
    assert!(
        !message.contains("panicked") && !message.contains("stack backtrace"),
        "{message}"
    );
}

fn enrol(agent: &Agent, collector: &str, token: &str) -> Output {
    agent.run(&["enrol", "--collector", collector, "--token", token])
}

#[test]
fn a_wrong_token_is_refused_and_another_may_be_tried() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let token = collector.create_token(town);
    let agent = Agent::new(&[]);

    assert_told(
        &enrol(&agent, &collector.agents_address(), "bfr1.n'importe quoi"),
        12,
        &["mal recopié"],
    );
    assert_told(
        &enrol(&agent, &collector.agents_address(), &token[..79]),
        12,
        &["mal recopié"],
    );
    let output = enrol(&agent, &collector.agents_address(), &token);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_told(
        &enrol(&agent, &collector.agents_address(), &token),
        1,
        &["déjà enrôlée", "--force"],
    );
}

#[test]
fn a_used_token_is_refused_to_another_machine() {
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de Trifouilly"));
    Agent::enrolled(&collector, &token, &[]);
    let second = Agent::new(&[]);
    let output = enrol(&second, &collector.agents_address(), &token);
    assert_told(&output, 12, &["déjà servi", "nouveau"]);
    assert!(
        !String::from_utf8_lossy(&output.stderr).contains(&token),
        "a token is a secret"
    );
}

#[test]
fn a_lost_answer_to_an_enrolment_costs_nothing() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let token = collector.create_token(town);
    let agent = Agent::enrolled(&collector, &token, &[]);
    // As if the machine had stopped between the collector's commit and its own last write.
    let key = fs::read_to_string(agent.state().join("identity.json")).unwrap();
    let identity: serde_json::Value = serde_json::from_str(&key).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        identity["private_key"].as_str().unwrap()
    );
    fs::remove_file(agent.state().join("identity.json")).unwrap();
    fs::write(agent.state().join("enrolment.key"), pem).unwrap();

    agent.succeed(&[
        "enrol",
        "--collector",
        &collector.agents_address(),
        "--token",
        &token,
    ]);

    let listed = collector.succeed(&["agent", "list", "--organisation", &town.to_string()]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

#[test]
fn a_token_of_another_collector_does_not_enrol_here() {
    let (ours, theirs) = (Collector::start(), Collector::start());
    let token = theirs.create_token(theirs.create_organisation("Commune de Trifouilly"));
    let agent = Agent::new(&[]);
    let output = enrol(&agent, &ours.agents_address(), &token);
    assert_told(&output, 13, &["n'est pas le collecteur attendu"]);
    assert!(!agent.state().join("identity.json").exists());
}

#[test]
fn a_certificate_of_another_authority_is_refused_by_both_sides() {
    let (ours, theirs) = (Collector::start(), Collector::start());
    let token = theirs.create_token(theirs.create_organisation("Commune de Trifouilly"));
    let agent = Agent::enrolled(&theirs, &token, &[]);
    point_identity_at(&agent, &ours.agents_address());

    let output = agent.run(&["run", "--once"]);

    assert_told(&output, 13, &["n'est pas le collecteur attendu"]);
    assert!(waiting_batches(&agent) > 0, "what was collected waits");
    // Back at the right address, everything leaves.
    point_identity_at(&agent, &theirs.agents_address());
    agent.succeed(&["run", "--once"]);
    assert_eq!(waiting_batches(&agent), 0);
}

#[test]
fn a_revoked_agent_is_told_and_keeps_what_it_has() {
    let collector = Collector::start();
    let town = collector
        .create_organisation("Commune de Trifouilly")
        .to_string();
    let agent = Agent::enrolled(
        &collector,
        &collector.create_token(town.parse().unwrap()),
        &[],
    );
    let listed = collector.succeed(&["agent", "list", "--organisation", &town]);
    let id = listed.split_whitespace().next().unwrap();
    collector.succeed(&["agent", "revoke", "--organisation", &town, id]);
    assert_told(&agent.run(&["run", "--once"]), 13, &["révoqué"]);
    assert!(waiting_batches(&agent) > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_two_days_late_enrols_and_reports_and_is_told() {
    a_clock_is_off("-2d", "retarde de 4").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_two_days_early_enrols_and_reports_and_is_told() {
    a_clock_is_off("+2d", "avance de 4").await;
}

async fn a_clock_is_off(offset: &str, told: &str) {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de l'Heure d'Été");
    let token = collector.create_token(town);
    let agent = Agent::new(&[]).wrapped(&["faketime", "-f", offset]);
    agent.succeed(&[
        "enrol",
        "--collector",
        &collector.agents_address(),
        "--token",
        &token,
    ]);

    let output = agent.run(&["run", "--once"]);

    assert_told(&output, 0, &[told, "mettez-la à l'heure"]);
    let machines = collector.store().await.of(town).machines().await.unwrap();
    let seconds = machines[0].clock_offset_seconds.unwrap().unsigned_abs();
    assert!(seconds.abs_diff(2 * 24 * 3600) < 600, "{seconds}");
    assert!(
        machines[0].state.is_some(),
        "the report arrived all the same"
    );
}

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
fn an_agent_that_was_not_enrolled_says_how() {
    assert_told(
        &Agent::new(&[]).run(&["run", "--once"]),
        11,
        &["enrol --collector"],
    );
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
fn a_clock_after_the_end_of_every_certificate_is_told_and_costs_nothing() {
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de l'An 2030"));
    let agent = Agent::enrolled(&collector, &token, &[]);
    let agent = agent.wrapped(&["faketime", "-f", "+1500d"]);
    assert_told(
        &agent.run(&["run", "--once"]),
        13,
        &["mettez la machine à l'heure"],
    );
    assert!(waiting_batches(&agent) > 0);
    let agent = agent.wrapped(&[]);
    agent.succeed(&["run", "--once"]);
    assert_eq!(waiting_batches(&agent), 0);
}

#[test]
fn a_certificate_past_half_its_life_is_renewed() {
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de Longue-Vie"));
    let agent = Agent::enrolled(&collector, &token, &[]);
    let identity = || {
        let bytes = fs::read(agent.state().join("identity.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
    };
    let before = identity();
    agent.succeed(&["run", "--once"]);
    assert_eq!(identity(), before, "too early");
    let agent = agent.wrapped(&["faketime", "-f", "+200d"]);
    agent.succeed(&["run", "--once"]);
    let bytes = fs::read(agent.state().join("identity.json")).unwrap();
    let after: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_ne!(after["certificate"], before["certificate"]);
    assert_ne!(after["private_key"], before["private_key"]);
    let agent = agent.wrapped(&[]);
    agent.succeed(&["run", "--once"]);
}

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

#[test]
fn an_identity_copied_to_another_machine_is_not_used() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Trifouilly");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    let path = agent.state().join("identity.json");
    let mut identity: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    identity["machine"] = format!("{}=", "A".repeat(43)).into();
    fs::write(&path, identity.to_string()).unwrap();

    assert_told(
        &agent.run(&["run", "--once"]),
        11,
        &["autre machine", "enrol --force"],
    );

    let token = collector.create_token(town);
    agent.succeed(&[
        "enrol",
        "--force",
        "--collector",
        &collector.agents_address(),
        "--token",
        &token,
    ]);
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

/// As if a DNS entry had been changed: the agent meets another collector.
fn point_identity_at(agent: &Agent, collector: &str) {
    let path = agent.state().join("identity.json");
    let mut identity: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    identity["collector"] = collector.into();
    fs::write(path, serde_json::to_vec(&identity).unwrap()).unwrap();
}

fn waiting_batches(agent: &Agent) -> usize {
    let entries = fs::read_dir(agent.state().join("spool")).unwrap();
    let is_batch = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "batch")
    };
    entries
        .filter(|entry| is_batch(&entry.as_ref().unwrap().path()))
        .count()
}

fn wait_until_reading(agent: &Child, file: &Path) {
    let descriptors = format!("/proc/{}/fd", agent.id());
    wait_until("the file is being read", || {
        let open = fs::read_dir(&descriptors).into_iter().flatten().flatten();
        open.filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|path| path == file)
    });
}

/// Looks until it is so; a minute means that it will never be.
fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
