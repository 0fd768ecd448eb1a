//! Cloned disks, golden images, repairs and machines installed anew: each machine is one agent, and each agent one machine.

use std::{fs, path::Path};

use beffroi_collector::{
    model::{FileFilter, Machine, MachineId, OrganisationId, PageRequest},
    store::Store,
};
use beffroi_tests::{
    agent::Agent,
    collector::{Collector, LOGIN},
    folder::copy_folder,
    hardware::Hardware,
    town::TownHall,
    visitor::Visitor,
    wait,
};
use tempfile::TempDir;

use crate::bad_input::{assert_told, waiting_batches};

/// A folder with a file that holds a social security number.
fn root(name: &str) -> TempDir {
    let folder = TempDir::with_prefix(name).unwrap();
    let line = "Mme Martin, née le 3 mars 1961, NIR 2 61 03 75 116 001 37, tél. 06 39 98 00 01\n";
    fs::write(folder.path().join(format!("{name}.txt")), line).unwrap();
    folder
}

/// Enrolled on this hardware.
fn enrolled(
    collector: &Collector,
    town: OrganisationId,
    hardware: &Hardware,
    root: &Path,
) -> Agent {
    let agent = Agent::new(&[root]).wrapped(&hardware.wrapper());
    let token = collector.create_token(town);
    let collector = collector.agents_address();
    agent.succeed(&["enrol", "--collector", &collector, "--token", &token]);
    agent
}

/// Another machine, with a copy of this one's disk.
fn cloned(original: &Agent, hardware: &Hardware, root: &Path) -> Agent {
    let copy = Agent::new(&[root]).wrapped(&hardware.wrapper());
    fs::create_dir(copy.state()).unwrap();
    copy_folder(&original.state(), &copy.state());
    copy
}

fn identity(agent: &Agent) -> String {
    fs::read_to_string(agent.state().join("identity.json")).unwrap()
}

fn spool_id(agent: &Agent) -> String {
    fs::read_to_string(agent.state().join("spool/id")).unwrap()
}

async fn machines(store: &Store, town: OrganisationId) -> Vec<Machine> {
    let mut machines = store.of(town).machines().await.unwrap();
    machines.sort_by_key(|machine| machine.enrolled_at);
    machines
}

/// The names of the files of a machine.
async fn files(store: &Store, town: OrganisationId, machine: MachineId) -> Vec<String> {
    let filter = FileFilter {
        machine: Some(machine),
        ..FileFilter::default()
    };
    let page = PageRequest {
        number: 0,
        size: 1_000,
    };
    let files = store.of(town).files(&filter, page).await.unwrap();
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    files
        .items
        .iter()
        .map(|file| name(&file.state.path))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloned_disk_becomes_an_agent_of_its_own_and_nothing_mixes_or_is_lost() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Clone");
    let (ours, theirs) = (root("original"), root("copie"));
    let (here, there) = (Hardware::new(1, 1), Hardware::new(2, 1));
    let original = enrolled(&collector, town, &here, ours.path());
    original.succeed(&["run", "--once"]);
    // Both have the same batches to send, under the same spool id and the same numbers.
    fs::write(ours.path().join("nouveau.txt"), "tél. 06 39 98 00 02\n").unwrap();
    collector.kill();
    original.run(&["run", "--once"]);
    let waiting = waiting_batches(&original);
    assert!(waiting > 0);
    let copy = cloned(&original, &there, theirs.path());
    assert_eq!(spool_id(&copy), spool_id(&original));
    // Without a collector it waits, and sends nothing under the other's name.
    assert_told(&copy.run(&["run", "--once"]), 14, &["copie du disque"]);
    assert_eq!(waiting_batches(&copy), waiting);

    collector.serve();
    let output = copy.run(&["run", "--once"]);
    assert_told(&output, 0, &["une identité à elle"]);
    original.succeed(&["run", "--once"]);
    copy.succeed(&["run", "--once"]);

    let store = collector.store().await;
    let known = machines(&store, town).await;
    assert_eq!(known.len(), 2, "no loop: {known:?}");
    assert_eq!(
        files(&store, town, known[0].id).await,
        ["nouveau.txt", "original.txt"]
    );
    assert_eq!(files(&store, town, known[1].id).await, ["copie.txt"]);
    assert_eq!(waiting_batches(&original) + waiting_batches(&copy), 0);
    assert_ne!(spool_id(&copy), spool_id(&original));
    assert!(copy.state().join("set-aside/spool").is_dir());
    let copies = store.of(town).detachments().await.unwrap();
    assert_eq!(
        (copies[0].machine, copies[0].origin),
        (known[1].id, known[0].id)
    );
    // What the hardware is called never left the machine.
    let marks = store.of(town).marks().await.unwrap();
    assert!(marks.iter().any(|(machine, _)| *machine == known[1].id));
    assert!(!identity(&copy).contains("PGRSU02"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_golden_image_on_three_machines_makes_three_agents_without_a_token() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de l'Image");
    let folder = root("image");
    let reference = Hardware::new(9, 1);
    let image = enrolled(&collector, town, &reference, folder.path());
    let hardware = [1, 2, 3].map(|serial| Hardware::new(serial, 1));
    let copies = hardware
        .each_ref()
        .map(|hardware| cloned(&image, hardware, folder.path()));
    let running = copies.each_ref().map(|copy| copy.start(&["run", "--once"]));
    for (mut run, copy) in running.into_iter().zip(&copies) {
        assert!(
            run.wait().unwrap().success(),
            "{}",
            fs::read_to_string(copy.log()).unwrap()
        );
    }
    let store = collector.store().await;
    let known = machines(&store, town).await;
    assert_eq!(known.len(), 4);
    for machine in &known[1..] {
        assert_eq!(files(&store, town, machine.id).await, ["image.txt"]);
    }
    // As on the second day: the same four.
    copies
        .iter()
        .for_each(|copy| drop(copy.succeed(&["run", "--once"])));
    assert_eq!(machines(&store, town).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_nothing_tells_apart_is_noticed_while_the_other_speaks() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune du Double");
    let (ours, theirs) = (root("original"), root("copie"));
    // A container copied with all that it has.
    let hardware = Hardware::new(1, 1);
    let original = enrolled(&collector, town, &hardware, ours.path());
    original.succeed(&["run", "--once"]);
    let copy = cloned(&original, &hardware, theirs.path());
    let mut running = original.start(&["run"]);
    let store = collector.store().await;
    let first = machines(&store, town).await[0].clone();
    wait::until("the first is connected", wait::FOR_AN_AGENT, async || {
        machines(&store, town).await[0].last_seen_at > first.last_seen_at
    })
    .await;

    let output = copy.run(&["run", "--once"]);

    assert_told(&output, 0, &["une identité à elle"]);
    assert!(running.try_wait().unwrap().is_none(), "the first goes on");
    let known = machines(&store, town).await;
    assert_eq!(known.len(), 2);
    assert_eq!(files(&store, town, known[0].id).await, ["original.txt"]);
    assert_eq!(files(&store, town, known[1].id).await, ["copie.txt"]);
    running.kill().unwrap();
    running.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_share_a_spool_and_never_meet_neither_loses_a_report() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Double");
    let (ours, theirs) = (root("original"), root("copie"));
    let hardware = Hardware::new(1, 1);
    let original = enrolled(&collector, town, &hardware, ours.path());
    original.succeed(&["run", "--once"]);
    let copy = cloned(&original, &hardware, theirs.path());
    collector.kill();
    for agent in [&original, &copy] {
        agent.run(&["run", "--once"]);
        assert!(waiting_batches(agent) > 0);
    }
    assert_eq!(spool_id(&copy), spool_id(&original));
    // What waits on the copy has numbers that the collector has already seen, from the other.
    collector.serve();
    original.succeed(&["run", "--once"]);
    let output = copy.run(&["run", "--once"]);
    assert_told(&output, 0, &["renvoie tout"]);
    assert_ne!(spool_id(&copy), spool_id(&original));
    let store = collector.store().await;
    let known = machines(&store, town).await;
    let all = files(&store, town, known[0].id).await;
    assert!(all.contains(&"copie.txt".to_owned()), "{all:?}");
    assert!(all.contains(&"original.txt".to_owned()), "{all:?}");
}

#[test]
fn a_repaired_machine_stays_the_agent_that_it_is() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune du Dépanneur");
    let folder = root("atelier");
    let hardware = Hardware::new(1, 1);
    let agent = enrolled(&collector, town, &hardware, folder.path());
    let name = certificate_of(&agent);
    // One repair a year, until nothing is as it was.
    for (part, value) in [
        ("class/dmi/id/board_serial", "NEUVE"),
        ("class/net/eth0/address", "8c:16:45:ff:ff:ff"),
        ("machine-id", "ffffffffffffffffffffffffffffffff"),
        ("class/dmi/id/product_serial", "RECONDITIONNE"),
        (
            "class/dmi/id/product_uuid",
            "4c4c4544-0042-3510-8054-b4c04f4affff",
        ),
    ] {
        hardware.set(part, value);
        agent.succeed(&["run", "--once"]);
        assert_eq!(certificate_of(&agent), name, "{part}");
    }
    let listed = collector.succeed(&["agent", "list", "--organisation", &town.to_string()]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

fn certificate_of(agent: &Agent) -> String {
    let identity: serde_json::Value = serde_json::from_str(&identity(agent)).unwrap();
    identity["certificate"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_refuses_a_copy_and_it_stays_refused() {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune du Refus");
    let folder = root("copie");
    let (here, there) = (Hardware::new(1, 1), Hardware::new(2, 1));
    let original = enrolled(&collector, town, &here, folder.path());
    let copy = cloned(&original, &there, folder.path());
    copy.succeed(&["run", "--once"]);
    let store = collector.store().await;
    let refused = machines(&store, town).await[1].id;
    let visitor = Visitor::sign_in(&collector, LOGIN, &collector.password).await;
    let (_, page) = visitor.get(&format!("/o/{town}/rapprochements")).await;
    assert!(
        page.contains("Postes démarrés d’une copie de disque"),
        "{page}"
    );

    let act = format!("/o/{town}/postes/{refused}/refus");
    assert!(visitor.post(&act, &[]).await.0.is_redirection());

    assert_told(&copy.run(&["run", "--once"]), 13, &["révoqué"]);
    assert_told(&copy.run(&["run", "--once"]), 13, &["révoqué"]);
    assert_eq!(machines(&store, town).await.len(), 2, "no loop");
    original.succeed(&["run", "--once"]);
    let act = format!("/o/{town}/postes/{refused}/retablissement");
    assert!(visitor.post(&act, &[]).await.0.is_redirection());
    copy.succeed(&["run", "--once"]);
}

#[test]
fn a_copy_of_a_revoked_machine_and_one_copy_too_many_need_a_token() {
    let mut collector = Collector::initialise(&[]);
    let path = collector.data().join("collector.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("[agents]", "[agents]\ncopies_per_month = 1"),
    )
    .unwrap();
    collector.serve();
    let town = collector.create_organisation("Commune de la Mesure");
    let folder = root("copie");
    let hardware = [1, 2, 3, 4].map(|serial| Hardware::new(serial, 1));
    let original = enrolled(&collector, town, &hardware[0], folder.path());
    cloned(&original, &hardware[1], folder.path()).succeed(&["run", "--once"]);
    let second = cloned(&original, &hardware[2], folder.path());
    let output = second.run(&["run", "--once"]);
    assert_told(&output, 11, &["beaucoup de copies", "jeton"]);
    let token = collector.create_token(town);
    let address = collector.agents_address();
    let enrolment = [
        "enrol",
        "--force",
        "--collector",
        &address,
        "--token",
        &token,
    ];
    second.succeed(&enrolment);
    second.succeed(&["run", "--once"]);

    let town = town.to_string();
    let listed = collector.succeed(&["agent", "list", "--organisation", &town]);
    for line in listed.lines() {
        let id = line.split_whitespace().next().unwrap();
        collector.succeed(&["agent", "revoke", "--organisation", &town, id]);
    }
    let third = cloned(&original, &hardware[3], folder.path());
    assert_told(&third.run(&["run", "--once"]), 13, &["révoqué"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_installed_anew_is_merged_by_a_person_and_takes_over_what_was_decided() {
    let hall = TownHall::small();
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de la Réinstallation");
    // The technician installs the system anew, and the users' files come back from the server.
    let (before, after) = (Hardware::new(1, 1), Hardware::new(1, 2));
    let older = enrolled(&collector, town, &before, &hall.share());
    older.succeed(&["run", "--once"]);
    let store = collector.store().await;
    let visitor = Visitor::sign_in(&collector, LOGIN, &collector.password).await;
    let one = PageRequest { number: 0, size: 1 };
    let of_town = store.of(town);
    let all = of_town.files(&FileFilter::default(), one).await.unwrap();
    let file = &all.items[0];
    let decision = format!("/o/{town}/fichiers/{}/decision", file.id);
    let fields = [("decision", "to_secure"), ("comment", "à ranger")];
    assert!(visitor.post(&decision, &fields).await.0.is_redirection());
    let newer = enrolled(&collector, town, &after, &hall.share());
    newer.succeed(&["run", "--once"]);
    let [first, second] = machines(&store, town).await.try_into().unwrap();
    let twice = store.of(town).files(&FileFilter::default(), one).await;
    assert_eq!(twice.unwrap().total, 2 * all.total);

    let list = format!("/o/{town}/rapprochements");
    let (_, page) = visitor.get(&list).await;
    assert!(page.contains("repères matériels identiques"), "{page}");
    let merge = format!("{list}/{}/fusion", first.id);
    let second_id = second.id.to_string();
    let (status, _) = visitor.post(&merge, &[("poste", &second_id)]).await;
    assert!(status.is_redirection());

    let once = store.of(town).files(&FileFilter::default(), one).await;
    assert_eq!(once.unwrap().total, all.total);
    let filter = FileFilter {
        machine: Some(second.id),
        ..FileFilter::default()
    };
    let page = PageRequest {
        number: 0,
        size: 1_000,
    };
    let theirs = store.of(town).files(&filter, page).await.unwrap().items;
    let taken_over = theirs
        .iter()
        .find(|other| other.state.path == file.state.path);
    let taken_over = taken_over.unwrap().decision.clone().unwrap();
    assert_eq!(taken_over.comment, "à ranger");
    assert_told(&older.run(&["run", "--once"]), 13, &["révoqué"]);
    newer.succeed(&["run", "--once"]);

    let undo = format!("{list}/{}/separation", first.id);
    assert!(visitor.post(&undo, &[]).await.0.is_redirection());
    older.succeed(&["run", "--once"]);
    let twice = store.of(town).files(&FileFilter::default(), one).await;
    assert_eq!(twice.unwrap().total, 2 * all.total);
}
