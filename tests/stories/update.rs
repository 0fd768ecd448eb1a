//! A newer agent, from the operator's signature to the machine that runs it, or that goes back.

use std::{
    fs,
    path::Path,
    process::{Child, Command},
};

use beffroi_collector::{
    model::{Machine, OrganisationId, Upgrade, UpgradeState},
    store::Store,
};
use beffroi_tests::{
    agent::Agent,
    collector::{Collector, LOGIN},
    release::Releases,
    visitor::Visitor,
    wait,
};
use jiff::Timestamp;

const OURS: &str = env!("CARGO_PKG_VERSION");
/// As long as ours, which it replaces in the program's file.
const NEWER: &str = "9.9.9";

/// What systemd does with `Restart=on-failure`: starts the program again as often as it fails, and passes the end on.
const SERVICE_MANAGER: &str = r#"trap 'kill $agent; wait $agent; exit 0' TERM
while :; do "$@" & agent=$!; wait $agent && exit 0; sleep 0.2; done"#;

struct World {
    collector: Collector,
    town: OrganisationId,
    agent: Agent,
    releases: Releases,
}

impl World {
    fn new() -> Self {
        let collector = Collector::start();
        let town = collector.create_organisation("Commune de Neufbourg");
        let releases = Releases::default();
        let token = collector.create_token(town);
        let agent = Agent::enrolled(&collector, &token, &[]);
        let agent = agent.wrapped(&["sh", "-c", SERVICE_MANAGER, "sh"]);
        Self {
            collector,
            town,
            agent,
            releases,
        }
    }

    /// Whose packages the agent takes.
    fn trust(&self, releases: &Releases, patience: u32) {
        self.trust_at(releases, patience, 1_000_000_000);
    }

    fn trust_at(&self, releases: &Releases, patience: u32, bytes_per_second: u32) {
        let key = releases.key();
        let section = format!(
            "[update]\nkeys = [{key:?}]\npatience_seconds = {patience}\nbytes_per_second = {bytes_per_second}\n"
        );
        self.agent.configure(&section);
    }

    fn offer(&self, program: &Path, version: &str) {
        let (program, key) = (program.to_str().unwrap(), self.releases.key());
        self.collector
            .succeed(&["update", "add", program, "--key", &key]);
        let town = self.town.to_string();
        let arguments = ["update", "offer", version, "--organisation", &town];
        self.collector
            .succeed(&[&arguments[..], &["--ring", "100%"]].concat());
    }

    async fn upgrade(&self, store: &Store, version: &str) -> Option<Upgrade> {
        store.of(self.town).upgrades(version).await.unwrap().pop()
    }

    async fn machine(&self, store: &Store) -> Machine {
        store.of(self.town).machines().await.unwrap().pop().unwrap()
    }

    /// Once the agent has said that of a version; why.
    async fn reason(&self, store: &Store, version: &str, state: UpgradeState) -> String {
        wait::until(
            "the agent says what became of it",
            wait::FOR_AN_AGENT,
            async || {
                let upgrade = self.upgrade(store, version).await;
                upgrade.is_some_and(|upgrade| upgrade.state == state)
            },
        )
        .await;
        self.upgrade(store, version).await.unwrap().reason
    }

    async fn seen_as(&self, store: &Store, version: &str, since: Timestamp) {
        wait::until("the agent comes by", wait::FOR_AN_AGENT, async || {
            let machine = self.machine(store).await;
            machine.agent_version == version && machine.last_seen_at.is_some_and(|at| at > since)
        })
        .await;
    }

    fn standing(&self) -> String {
        let town = self.town.to_string();
        self.collector
            .succeed(&["update", "list", "--organisation", &town])
    }

    fn kept(&self) -> usize {
        let folder = self.agent.state().join("updates");
        fs::read_dir(folder).map_or(0, Iterator::count)
    }
}

/// As `systemctl stop`.
fn stop(mut service: Child) {
    let id = service.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert!(service.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_version_replaces_the_one_that_was_installed() {
    let world = World::new();
    world.trust(&world.releases, 600);
    world.offer(&world.releases.agent(NEWER), NEWER);
    let store = world.collector.store().await;
    let service = world.agent.start(&["service"]);

    world.reason(&store, NEWER, UpgradeState::Runs).await;
    assert_eq!(world.machine(&store).await.agent_version, NEWER);
    assert!(world.standing().contains("à jour"), "{}", world.standing());
    let visitor = Visitor::sign_in(&world.collector, LOGIN, &world.collector.password).await;
    let (_, page) = visitor.get(&format!("/o/{}/postes", world.town)).await;
    assert!(
        page.contains(&format!("Version {NEWER} de l’agent")) && page.contains("1 à jour sur 1"),
        "{page}"
    );
    stop(service);

    // From now on it is that one, whatever is installed.
    let before = Timestamp::now();
    let service = world.agent.start(&["service"]);
    world.seen_as(&store, NEWER, before).await;
    stop(service);
    // Unless the technician trusts nobody any more.
    let before = Timestamp::now();
    let text = fs::read_to_string(world.agent.configuration()).unwrap();
    let text = text.replace(&format!("{:?}", world.releases.key()), "");
    fs::write(world.agent.configuration(), text).unwrap();
    let service = world.agent.start(&["service"]);
    world.seen_as(&store, OURS, before).await;
    stop(service);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_ends_or_says_nothing_gives_way_to_the_one_before() {
    let scripts = [
        ("99.0.7", "#!/bin/sh\nexit 3\n", "exit status: 3"),
        ("99.0.8", "#!/bin/sh\nexec sleep 1000000\n", "rien rapporté"),
    ];
    for (version, script, why) in scripts {
        let world = World::new();
        world.trust(&world.releases, 3);
        world.offer(&world.releases.script(version, script), version);
        let store = world.collector.store().await;
        let begun = Timestamp::now();
        let service = world.agent.start(&["service"]);

        let reason = world
            .reason(&store, version, UpgradeState::RolledBack)
            .await;
        assert!(reason.contains(why), "{reason}");
        world.seen_as(&store, OURS, begun).await;
        assert_eq!(world.kept(), 0);
        let standing = world.standing();
        assert!(
            standing.contains("arrêtée") && standing.contains(&reason),
            "{standing}"
        );
        stop(service);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_release_key_has_not_signed_is_refused_and_told() {
    let world = World::new();
    // The collector's operator signs with a key that this machine was not given.
    world.trust(&Releases::default(), 600);
    world.offer(
        &world.releases.script("99.0.7", "#!/bin/sh\nexit 0\n"),
        "99.0.7",
    );
    let store = world.collector.store().await;
    let service = world.agent.start(&["service"]);
    let reason = world.reason(&store, "99.0.7", UpgradeState::Refused).await;
    assert!(reason.contains("aucune des clés"), "{reason}");
    assert_eq!(
        (
            world.kept(),
            world.machine(&store).await.agent_version.as_str()
        ),
        (0, OURS)
    );
    stop(service);

    // Another program under a good signature, and one that goes on for ever.
    for (version, bytes) in [
        ("99.0.7", "#!/bin/sh\nexit 1\n"),
        ("99.0.8", "#!/bin/sh\nexit 0\n# and more\n"),
    ] {
        let world = World::new();
        world.trust(&world.releases, 3);
        world.offer(
            &world.releases.script(version, "#!/bin/sh\nexit 0\n"),
            version,
        );
        let folder = world.collector.data().join("packages");
        let held = fs::read_dir(folder).unwrap().next().unwrap().unwrap();
        fs::write(held.path(), bytes).unwrap();
        let store = world.collector.store().await;
        let service = world.agent.start(&["service"]);
        world.reason(&store, version, UpgradeState::Refused).await;
        assert_eq!(
            (
                world.kept(),
                world.machine(&store).await.agent_version.as_str()
            ),
            (0, OURS)
        );
        stop(service);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_goes_on_where_the_connection_was_cut() {
    let mut world = World::new();
    world.trust_at(&world.releases, 600, 200_000);
    let script = format!("#!/bin/sh\nexit 3\n# {}\n", "x".repeat(600_000));
    world.offer(&world.releases.script("99.0.7", &script), "99.0.7");
    let store = world.collector.store().await;
    let service = world.agent.start(&["service"]);
    let folder = world.agent.state().join("updates");
    wait::until("a piece has come", wait::FOR_AN_AGENT, async || {
        let Ok(mut files) = fs::read_dir(&folder) else {
            return false;
        };
        files
            .next()
            .is_some_and(|file| file.unwrap().metadata().unwrap().len() > 0)
    })
    .await;
    world.collector.kill();
    // Who asked for the beginning again would not find it.
    let held = world.collector.data().join("packages");
    let held = fs::read_dir(held).unwrap().next().unwrap().unwrap().path();
    fs::write(&held, script.replacen("exit 3", "exit 4", 1)).unwrap();
    world.collector.serve();

    let reason = world
        .reason(&store, "99.0.7", UpgradeState::RolledBack)
        .await;
    assert!(reason.contains("exit status: 3"), "{reason}");
    stop(service);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_or_a_service_nothing_is_taken() {
    let world = World::new();
    world.offer(
        &world.releases.script("99.0.7", "#!/bin/sh\nexit 0\n"),
        "99.0.7",
    );
    let store = world.collector.store().await;
    let service = world.agent.start(&["service"]);
    let reason = world.reason(&store, "99.0.7", UpgradeState::Refused).await;
    assert!(reason.contains("pas de clé"), "{reason}");
    stop(service);
    assert!(!world.agent.state().join("update.json").exists());
}
