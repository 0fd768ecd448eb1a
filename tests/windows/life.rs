//! The life of an agent on a PC: enrolled, at work, a service, gone; with a collector on Linux.

use std::fs;

use beffroi_collector::model::{FactValue, FileFilter, PageRequest};
use beffroi_tests::{
    collector::Collector,
    wait,
    windows::{Windows, drive_c},
};

use crate::{PATIENCE, SERVICE};

const REGISTRY: &str = include_str!("../../agent/tests/captured/windows-10/software.reg");

#[tokio::test(flavor = "multi_thread")]
async fn a_pc_is_enrolled_works_as_a_service_and_is_left_clean() {
    let _alone = SERVICE.lock().await;
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Saint-Aubin");
    let token = collector.create_token(town);
    let windows = Windows::new(&["partage"]);
    windows.write("partage/NUL", "NIR 1 85 05 78 006 084 91");
    windows.write("paie.reg", REGISTRY);
    windows.system("reg", &["import", &windows.named("paie.reg")]);

    windows.succeed(&[
        "enrol",
        "--collector",
        &collector.agents_address(),
        "--token",
        &token,
    ]);
    windows.succeed(&["run", "--once"]);

    let store = collector.store().await;
    let store = store.of(town);
    let page = || PageRequest {
        number: 0,
        size: 100,
    };
    let files = store
        .files(&FileFilter::default(), page())
        .await
        .unwrap()
        .items;
    let paths: Vec<&str> = files.iter().map(|file| file.state.path.as_str()).collect();
    assert_eq!(paths, [windows.named(r"partage\NUL")]);
    assert_eq!(files[0].state.tallies[0].kind, "nir");
    let machines = store.machines().await.unwrap();
    assert_eq!(machines.len(), 1, "{machines:?}");
    let facts = store.facts(machines[0].id).await.unwrap();
    let version = facts.iter().find(|fact| fact.name == "os.version");
    assert_eq!(
        version.unwrap().value,
        FactValue::Text("10-22h2".to_owned())
    );
    let software = store.installations(machines[0].id).await.unwrap();
    let firefox = software
        .iter()
        .find(|installed| installed.name == "Mozilla Firefox ESR (x64 fr)");
    assert_eq!(firefox.unwrap().version, "128.4.0");

    windows.write("partage/nouveau.txt", "NIR 2 69 05 49 588 157 80");
    fs::remove_file(windows.path("state/schedule.json")).unwrap();
    windows.succeed(&["install"]);
    let new = windows.named(r"partage\nouveau.txt");
    wait::until("the service reports", PATIENCE, async || {
        let files = store.files(&FileFilter::default(), page()).await.unwrap();
        files.items.iter().any(|file| file.state.path == new)
    })
    .await;
    assert!(
        windows
            .system("sc", &["query", "beffroi-agent"])
            .contains("RUNNING")
    );
    let program = drive_c().join("Program Files/Beffroi/beffroi-agent.exe");
    assert!(program.exists());

    windows.succeed(&["uninstall"]);
    assert!(!program.exists());
    assert!(!windows.path("state").exists());
    let gone = windows.system("net", &["start"]);
    assert!(!gone.contains("Beffroi"), "{gone}");
}
