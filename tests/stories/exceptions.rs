//! A town allows what it knows: its own account number and domain are hidden on the machines, counted, told wherever
//! people look, and shown again when the exception ends. The value itself is nowhere.

use std::{fs, time::Duration};

use beffroi_collector::{
    model::{AllowanceId, File, FileFilter, HiddenFilter, OrganisationId, PageRequest},
    store::Store,
};
use beffroi_tests::{agent::Agent, collector::Collector, conclusions, folder::read_folder, wait};
use serde_json::Value;
use tempfile::TempDir;

/// Invented, with a right key.
const ACCOUNT: &str = "FR14 2004 1010 0505 0001 3M02 606";
const OTHER_ACCOUNT: &str = "DE89 3704 0044 0532 0130 00";
const TOWN: &str = "Commune de Saint-Léocade";
/// For a policy to reach the agent, and its next report to come back.
const LIMIT: Duration = Duration::from_secs(120);

struct World {
    collector: Collector,
    store: Store,
    town: OrganisationId,
    agent: Agent,
    share: TempDir,
}

impl World {
    /// A share with three bills that name the town's account, one supplier's, and a letter with the town's addresses.
    async fn new() -> Self {
        let share = TempDir::new().unwrap();
        let bills = format!(
            "Payez à {ACCOUNT}\nou à {}\nTrésor : {ACCOUNT}\nFournisseur : {OTHER_ACCOUNT}\n",
            ACCOUNT.replace(' ', "").to_lowercase()
        );
        fs::write(share.path().join("factures.txt"), bills).unwrap();
        let letter = "Écrire à accueil@mairie-saint-leocade.fr ou rh@mairie-saint-leocade.fr.";
        fs::write(share.path().join("courrier.txt"), letter).unwrap();
        let collector = Collector::start();
        let town = collector.create_organisation(TOWN);
        let token = collector.create_token(town);
        let agent = Agent::enrolled(&collector, &token, &[share.path()]);
        Self {
            store: collector.store().await,
            collector,
            town,
            agent,
            share,
        }
    }

    /// Once to be told what has changed, once to look with it.
    async fn scan(&self) {
        self.agent.succeed(&["run", "--once"]);
        self.agent.succeed(&["run", "--once"]);
        conclusions::wait_for(&self.store, self.town).await;
    }

    fn allow_account(&self) {
        let arguments = [
            "allow",
            "add",
            "--organisation",
            TOWN,
            "--value-stdin",
            "--kind",
            "iban",
            "--reason",
            "compte du Trésor public",
            "--no-end",
        ];
        let output = self.collector.run_with_input(&arguments, ACCOUNT);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn allow_domain(&self) {
        self.collector.succeed(&[
            "allow",
            "add",
            "--organisation",
            TOWN,
            "--email-domain",
            "Mairie-Saint-Leocade.fr",
            "--reason",
            "adresses de service",
            "--until",
            "2099-12-31",
        ]);
    }

    async fn files(&self, hidden: HiddenFilter) -> Vec<File> {
        let filter = FileFilter {
            hidden,
            ..FileFilter::default()
        };
        let page = PageRequest {
            number: 0,
            size: 100,
        };
        let files = self.store.of(self.town).files(&filter, page).await;
        files.unwrap().items
    }

    async fn exceptions(&self) -> Vec<AllowanceId> {
        let allowances = self.store.of(self.town).allowances().await.unwrap();
        allowances.iter().map(|allowance| allowance.id).collect()
    }
}

/// What is shown, and how many values are hidden.
fn counts(files: &[File], name: &str, kind: &str) -> Option<(u64, u64)> {
    let file = files.iter().find(|file| file.state.path.ends_with(name))?;
    let tally = file.state.tallies.iter().find(|tally| tally.kind == kind);
    let hidden = file
        .state
        .hidden
        .iter()
        .filter(|hidden| hidden.kind == kind);
    Some((
        tally.map_or(0, |tally| tally.count),
        hidden.map(|hidden| hidden.count).sum(),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_town_allows_is_hidden_counted_and_shown_again_at_the_end() {
    let world = World::new().await;
    world.scan().await;
    let before = world.files(HiddenFilter::LeftOut).await;
    assert_eq!(counts(&before, "factures.txt", "iban"), Some((4, 0)));
    assert_eq!(counts(&before, "courrier.txt", "email"), Some((2, 0)));

    world.allow_account();
    world.allow_domain();
    world.scan().await;
    let after = world.files(HiddenFilter::LeftOut).await;
    assert_eq!(counts(&after, "factures.txt", "iban"), Some((1, 3)));
    assert_eq!(counts(&after, "courrier.txt", "email"), None);
    let [domain, account] = world.exceptions().await[..] else {
        panic!("two exceptions")
    };
    let under_domain = world.files(HiddenFilter::By(domain)).await;
    assert_eq!(counts(&under_domain, "courrier.txt", "email"), Some((0, 2)));
    let overview = world.store.of(world.town).overview().await.unwrap();
    assert_eq!((overview.hidden_values, overview.hidden_files), (5, 2));
    let list = world
        .collector
        .succeed(&["allow", "list", "--organisation", TOWN]);
    assert!(
        list.contains("3 valeur(s) dans 1 fichier(s)") && list.contains("jusqu'au"),
        "{list}"
    );

    let account = account.to_string();
    world
        .collector
        .succeed(&["allow", "end", "--organisation", TOWN, &account]);
    world.scan().await;
    let ended = world.files(HiddenFilter::LeftOut).await;
    assert_eq!(counts(&ended, "factures.txt", "iban"), Some((4, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_machine_itself_tells_what_is_hidden() {
    let world = World::new().await;
    world.allow_account();
    world.scan().await;
    let share = world.share.path().to_str().unwrap();

    let human = world.agent.succeed(&["scan", share]);
    assert!(
        human.contains("3 valeurs masquées par une exception"),
        "{human}"
    );
    let json = world.agent.succeed(&["scan", share, "--format", "json"]);
    let summary: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!(summary["summary"]["hidden_values"], 3);
    let report = world.agent.succeed(&["show-report"]);
    let hidden = report
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .any(|line| line.to_string().contains("\"hidden\":[{"));
    assert!(hidden, "{report}");
    let told = world.agent.succeed(&["rules", "test", ACCOUNT]);
    assert!(told.contains("masqué par une exception"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_runs_hears_of_an_exception() {
    let world = World::new().await;
    let mut running = world.agent.start(&["run"]);
    let hidden = async || {
        let overview = world.store.of(world.town).overview().await.unwrap();
        (overview.files_with_findings, overview.hidden_values)
    };
    wait::until("two are hidden", LIMIT, async || hidden().await == (2, 0)).await;
    world.allow_account();
    wait::until("three are hidden", LIMIT, async || hidden().await.1 == 3).await;
    running.kill().unwrap();
    running.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowed_value_is_nowhere() {
    let mut world = World::new().await;
    world.allow_account();
    world.scan().await;
    world.collector.kill();

    let kept = [
        read_folder(&world.collector.data()),
        read_folder(&world.agent.state()),
        fs::read(world.collector.log()).unwrap(),
    ];
    let joined = ACCOUNT.replace(' ', "");
    let account = joined.get(4..).unwrap();
    for spelling in [ACCOUNT, &joined, account, &account.to_lowercase()] {
        for bytes in &kept {
            let found = bytes
                .windows(spelling.len())
                .any(|window| window == spelling.as_bytes());
            assert!(!found, "an allowed value was kept");
        }
    }
}

#[test]
fn an_exception_without_reason_end_or_known_value_is_refused() {
    let collector = Collector::initialise(&[]);
    collector.create_organisation(TOWN);
    let add = ["allow", "add", "--organisation", TOWN];
    for (arguments, code) in [
        (&["--kind", "iban", "--reason", "x"][..], 2),
        (&["--kind", "iban", "--no-end"], 2),
        (&["--everything", "--reason", "x", "--no-end"], 2),
        (&["--kind", "ibane", "--reason", "x", "--no-end"], 1),
        (
            &["--kind", "iban", "--reason", "x", "--until", "2020-01-01"],
            1,
        ),
        (&["--value-stdin", "--reason", "x", "--no-end"], 1),
    ] {
        let output = collector.run_with_input(&[&add, arguments].concat(), "bonjour");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    }
}
