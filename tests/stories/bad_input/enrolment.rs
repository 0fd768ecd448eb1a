//! Tokens, certificates and identities that are not what they should be.

use std::{fs, process::Output};

use beffroi_tests::{agent::Agent, collector::Collector};

use super::{assert_told, waiting_batches};

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

#[test]
fn an_agent_that_was_not_enrolled_says_how() {
    assert_told(
        &Agent::new(&[]).run(&["run", "--once"]),
        11,
        &["enrol --collector"],
    );
}

fn enrol(agent: &Agent, collector: &str, token: &str) -> Output {
    agent.run(&["enrol", "--collector", collector, "--token", token])
}

/// As if a DNS entry had been changed: the agent meets another collector.
fn point_identity_at(agent: &Agent, collector: &str) {
    let path = agent.state().join("identity.json");
    let mut identity: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    identity["collector"] = collector.into();
    fs::write(path, serde_json::to_vec(&identity).unwrap()).unwrap();
}
