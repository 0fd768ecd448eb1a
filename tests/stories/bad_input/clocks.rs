//! Clocks that are wrong, and certificates that grow old.

use std::fs;

use beffroi_tests::{agent::Agent, collector::Collector, programs::at_time};

use super::{assert_told, waiting_batches};

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
    let agent = Agent::new(&[]).wrapped(&at_time(offset));
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

#[test]
fn a_clock_after_the_end_of_every_certificate_is_told_and_costs_nothing() {
    let collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de l'An 2030"));
    let agent = Agent::enrolled(&collector, &token, &[]);
    let agent = agent.wrapped(&at_time("+1500d"));
    assert_told(
        &agent.run(&["run", "--once"]),
        13,
        &["mettez la machine à l'heure"],
    );
    assert!(waiting_batches(&agent) > 0);
    let agent = agent.wrapped::<&str>(&[]);
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
    let agent = agent.wrapped(&at_time("+200d"));
    agent.succeed(&["run", "--once"]);
    let bytes = fs::read(agent.state().join("identity.json")).unwrap();
    let after: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_ne!(after["certificate"], before["certificate"]);
    assert_ne!(after["private_key"], before["private_key"]);
    let agent = agent.wrapped::<&str>(&[]);
    agent.succeed(&["run", "--once"]);
}
