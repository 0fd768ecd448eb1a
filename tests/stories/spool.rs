//! What waits for the collector: when it is too much, when the disk has no room, when the disk does not want to.

use std::{fs, path::Path, process::Command};

use beffroi_agent::spool::Spool;
use beffroi_tests::{
    agent::Agent,
    collector::{Collector, LOGIN},
    folder::copy_folder,
    outcome,
    programs::program,
    town::TownHall,
    visitor::Visitor,
};
use tempfile::TempDir;

const HOLDS_A_NIR: &str = "NIR 1 85 05 78 006 084 91";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_spool_keeps_the_newest_of_everything_and_tells_what_went() {
    let hall = TownHall::small();
    let share = hall.share();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de la Longue-Absence");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);
    collector.kill();

    let gone = share.join("disparu.txt");
    fs::write(&gone, HOLDS_A_NIR).unwrap();
    assert_eq!(agent.run(&["run", "--once"]).status.code(), Some(14));
    let one_pass = waiting_bytes(&agent);
    agent.configure(&format!("[spool]\nmax_bytes = {}\n", one_pass * 3 / 2));
    fs::remove_file(gone).unwrap();
    fs::write(share.join("nouveau.txt"), HOLDS_A_NIR).unwrap();
    for _ in 0..2 {
        let output = agent.run(&["run", "--once"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(14), "{message}");
        assert!(message.contains("était pleine"), "{message}");
        assert!(waiting_bytes(&agent) <= one_pass * 3 / 2 + 200);
    }
    collector.serve();
    agent.succeed(&["run", "--once"]);

    let known = outcome::of(&collector, town).await;
    let expected = outcome::undisturbed(&[&share]).await;
    outcome::assert_same(&known, &expected, "after a full spool");
    let visitor = Visitor::sign_in(&collector, LOGIN, &collector.password).await;
    let machine = collector.store().await.of(town).machines().await.unwrap()[0].id;
    let (_, page) = visitor.get(&format!("/o/{town}/postes/{machine}")).await;
    assert!(page.contains("était pleine"), "told on the machine's page");
}

fn waiting_bytes(agent: &Agent) -> u64 {
    let spool = Spool::open(&agent.state().join("spool"), u64::MAX).unwrap();
    spool.waiting().1
}

/// The state folder on a disk of its own, which is full, then read-only, then well again. $1: where it is, $2: what is in it,
/// $3: where what is said goes; then the agent.
const DISKS: &str = r#"
state="$1" kept="$2" said="$3"; shift 3
told() { name="$1"; shift; code=0; "$@" run --once 2> "$said/$name" || code=$?; echo $code > "$said/$name.exit"; }
set -e
mount -t tmpfs -o size=2m tmpfs "$state"
cp -a "$kept/." "$state"
cat /dev/zero > "$state/filler" 2> /dev/null || true
told full "$@"
"$@" run 2> "$said/running" &
tries=0
while ls "$state"/spool/*.batch > /dev/null 2>&1 && [ $tries -lt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
kill $!; wait || true
ls "$state/spool" > "$said/left"
rm "$state/filler"
mount -o remount,ro "$state"
told readonly "$@"
mount -o remount,rw "$state"
told well "$@"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_or_read_only_is_told_and_costs_nothing() {
    let hall = TownHall::small();
    let share = hall.share();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Disque-Plein");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&share]);
    collector.kill();
    agent.run(&["run", "--once"]);
    collector.serve();

    let (kept, said) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    copy_folder(&agent.state(), kept.path());
    // A mount of its own asks for no rights of root, and is gone with the last process in it.
    let unshared = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", DISKS, "sh"])
        .args([&agent.state(), kept.path(), said.path()])
        .arg(program("beffroi-agent"))
        .arg("--config")
        .arg(agent.configuration())
        .output()
        .unwrap();
    assert!(unshared.status.success(), "{unshared:?}");

    assert_said(
        said.path(),
        "full",
        "15",
        &["disque est plein", "pas perdu"],
    );
    assert_said(said.path(), "readonly", "10", &["lecture seule"]);
    assert_said(said.path(), "well", "0", &[]);
    let left = fs::read_to_string(said.path().join("left")).unwrap();
    assert!(
        !left.contains(".batch"),
        "delivered from a full disk: {left}"
    );
    let known = outcome::of(&collector, town).await;
    let expected = outcome::undisturbed(&[&share]).await;
    outcome::assert_same(&known, &expected, "after a full disk");
}

#[track_caller]
fn assert_said(folder: &Path, name: &str, exit: &str, words: &[&str]) {
    let message = fs::read_to_string(folder.join(name)).unwrap();
    let code = fs::read_to_string(folder.join(format!("{name}.exit"))).unwrap();
    assert_eq!(code.trim(), exit, "{name}: {message}");
    for word in words {
        assert!(
            message.contains(word),
            "« {word} » is missing in: {message}"
        );
    }
}
