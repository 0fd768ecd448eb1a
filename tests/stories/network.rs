//! The way to the collector: through a proxy, to another address, with a certificate that has ended.

use std::{fs, net::SocketAddr, net::TcpListener};

use beffroi_tests::{agent::Agent, collector::Collector, programs::at_time, proxy::Proxy};

use crate::bad_input::{assert_told, waiting_batches};

const NAME: &str = "collecteur.exemple.fr";
const TARGET: &str = "collecteur.exemple.fr:7443";
/// « poste:m@t de passe »
const CREDENTIALS: &str = "cG9zdGU6bUB0IGRlIHBhc3Nl";

fn named_collector() -> Collector {
    let mut collector = Collector::initialise(&["--name", NAME]);
    collector.serve();
    collector
}

fn through(agent: &Agent, proxy: &str) {
    agent.configure(&format!("[network]\nproxy = {proxy:?}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_only_a_proxy_lets_out_enrols_and_reports() {
    for (credentials, who) in [(None, ""), (Some(CREDENTIALS), "poste:m%40t%20de%20passe@")] {
        let collector = named_collector();
        let town = collector.create_organisation("Commune du Mandataire");
        let token = collector.create_token(town);
        let proxy = Proxy::start(TARGET, collector.agents, credentials);
        let agent = Agent::new(&[]);
        through(&agent, &format!("http://{who}{}", proxy.address));

        agent.succeed(&["enrol", "--collector", TARGET, "--token", &token]);
        agent.succeed(&["run", "--once"]);
        let doctor = agent.succeed(&["doctor"]);

        assert!(doctor.contains(&format!("par le mandataire {}", proxy.address)));
        let asked = proxy.asked();
        assert!(asked.len() >= 3 && asked.iter().all(|asked| asked == TARGET));
        let machines = collector.store().await.of(town).machines().await.unwrap();
        assert!(machines[0].state.is_some());
    }
}

#[test]
fn the_proxy_of_the_environment_is_used_but_not_for_this_machine() {
    let collector = named_collector();
    let town = collector.create_organisation("Commune du Mandataire");
    let proxy = Proxy::start(TARGET, collector.agents, None);
    let variable = format!("HTTPS_PROXY=http://{}", proxy.address);
    let enrol = |at: &str| {
        let agent =
            Agent::new(&[]).wrapped(&["env", "-u", "NO_PROXY", "-u", "no_proxy", &variable]);
        let token = collector.create_token(town);
        agent.succeed(&["enrol", "--collector", at, "--token", &token]);
    };
    enrol(TARGET);
    enrol(&collector.agents_address());
    assert_eq!(proxy.asked(), [TARGET]);
}

#[test]
fn what_a_proxy_refuses_is_told() {
    let collector = named_collector();
    let proxy = Proxy::start(TARGET, collector.agents, Some(CREDENTIALS));
    let at = closed_port();
    let town = collector.create_organisation("Commune du Mandataire");
    let token = collector.create_token(town);
    let credentials = "n'accepte pas le nom et le mot de passe";
    let other = "autre.exemple.fr:7443";
    for (proxy, target, word) in [
        (format!("poste:faux@{}", proxy.address), TARGET, credentials),
        (proxy.address.to_string(), TARGET, credentials),
        (
            format!("poste:m%40t%20de%20passe@{}", proxy.address),
            other,
            "refuse d'ouvrir la voie vers autre.exemple.fr:7443 (réponse 403)",
        ),
        (at.to_string(), TARGET, "ne répond pas"),
    ] {
        let agent = Agent::new(&[]);
        through(&agent, &format!("http://{proxy}"));
        let output = agent.run(&["enrol", "--collector", target, "--token", &token]);
        assert_told(&output, 14, &["mandataire (proxy)", word]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!message.contains("faux"), "a password is a secret");
    }
    let agent = Agent::new(&[]);
    through(&agent, "ftp://poste:faux@proxy:21");
    let output = agent.run(&["doctor"]);
    assert_told(&output, 10, &["http://hôte:port"]);
}

/// An address where nobody answers.
fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn identity(agent: &Agent) -> serde_json::Value {
    let bytes = fs::read(agent.state().join("identity.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A collector 400 days later: the certificates of today ended five weeks ago.
fn much_later(collector: &mut Collector, days: &str) {
    collector.kill();
    collector.wrapper = at_time(days);
    collector.serve();
}

#[test]
fn a_certificate_that_has_ended_is_renewed_within_the_grace_by_whatever_clock() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Long-Sommeil");
    let agents: [Agent; 3] =
        std::array::from_fn(|_| Agent::enrolled(&collector, &collector.create_token(town), &[]));
    much_later(&mut collector, "+400d");
    let [awake, late, asleep] = agents;
    // By its own clock the second one's certificate is still good.
    for agent in [awake.wrapped(&at_time("+400d")), late] {
        let before = identity(&agent);
        let output = agent.run(&["run", "--once"]);
        assert_told(&output, 0, &["certificat renouvelé"]);
        assert_ne!(identity(&agent)["certificate"], before["certificate"]);
        assert_eq!(waiting_batches(&agent), 0);
    }
    // After the grace, only a token helps.
    much_later(&mut collector, "+600d");
    let asleep = asleep.wrapped(&at_time("+600d"));
    let output = asleep.run(&["run", "--once"]);
    assert_told(&output, 13, &["refuse le certificat", "nouveau jeton"]);
    assert!(waiting_batches(&asleep) > 0);
}

#[test]
fn a_revoked_agent_renews_nothing() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Long-Sommeil");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    let town = town.to_string();
    let listed = collector.succeed(&["agent", "list", "--organisation", &town]);
    let id = listed.split_whitespace().next().unwrap();
    collector.succeed(&["agent", "revoke", "--organisation", &town, id]);
    much_later(&mut collector, "+400d");
    let agent = agent.wrapped(&at_time("+400d"));
    assert_told(&agent.run(&["run", "--once"]), 13, &["révoqué"]);
}

#[test]
fn a_collector_that_moves_is_found_by_the_policy_or_by_a_word_of_the_technician() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Déménagement");
    let told = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    let new = closed_port();
    let policy = collector.data().join("politique.toml");
    let set = |collector: &Collector, addresses: &str| {
        fs::write(&policy, format!("collectors = [{addresses}]\n")).unwrap();
        let organisation = town.to_string();
        collector.run(&[
            "policy",
            "set",
            "--organisation",
            &organisation,
            policy.to_str().unwrap(),
        ])
    };
    assert!(!set(&collector, "\"sans port\"").status.success());
    assert!(set(&collector, &format!("\"{new}\"")).status.success());
    // Nobody answers at the new address yet: the old one still does.
    told.succeed(&["run", "--once"]);
    told.succeed(&["run", "--once"]);
    let other = Agent::enrolled(&collector, &collector.create_token(town), &[]);

    collector.kill();
    let path = collector.data().join("collector.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace(&collector.agents.to_string(), &new.to_string()),
    )
    .unwrap();
    collector.agents = new;
    collector.serve();

    told.succeed(&["run", "--once"]);
    assert!(told.succeed(&["doctor"]).contains(&new.to_string()));
    assert_told(&other.run(&["run", "--once"]), 14, &["ne répond pas"]);
    let stranger = Collector::start();
    let output = other.run(&["move", "--collector", &stranger.agents_address()]);
    assert_told(&output, 13, &["n'est pas le collecteur attendu"]);
    other.succeed(&["move", "--collector", &new.to_string()]);
    other.succeed(&["run", "--once"]);
    assert_eq!(waiting_batches(&other), 0);
}
