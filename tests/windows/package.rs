//! The package for Windows: what is in it, and a machine that it brings in and lets go.

use std::fs;
use std::process::Command;

use beffroi_tests::{
    collector::Collector,
    programs::repository,
    wait,
    windows::{Windows, drive_c},
};

use crate::{PATIENCE, SERVICE};

#[tokio::test(flavor = "multi_thread")]
async fn a_package_brings_a_machine_in_without_a_question() {
    let _alone = SERVICE.lock().await;
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Saint-Aubin");
    let token = collector.create_token(town);
    let windows = Windows::new(&[]);
    let package = windows.path("beffroi-agent.msi");
    let packed = Command::new(repository().join("agent/packages/msi"))
        .args([Windows::program(), package.clone()])
        .status();
    assert!(packed.expect("a shell").success());
    // Wine writes everything in its logs; Windows does as the package says.
    let table = |name| {
        let told = Command::new("msiinfo")
            .arg("export")
            .arg(&package)
            .arg(name)
            .output();
        String::from_utf8(told.expect("msiinfo starts").stdout).unwrap()
    };
    assert!(table("Property").contains("MsiHiddenProperties\tJoin;TOKEN"));
    assert!(table("CustomAction").contains("Join\t11282\tProgram\tinstall "));

    // The package knows no configuration but the usual one. A story that was stopped may have left something there.
    let state = drive_c().join("ProgramData/Beffroi/agent");
    let program = drive_c().join("Program Files/Beffroi/beffroi-agent.exe");
    windows.succeed(&["uninstall"]);
    let _ = fs::remove_dir_all(&state);

    windows.system(
        "msiexec",
        &[
            "/i",
            &windows.named("beffroi-agent.msi"),
            "/qn",
            &format!("COLLECTOR={}", collector.agents_address()),
            &format!("TOKEN={token}"),
            "TAG=accueil",
        ],
    );

    assert!(program.exists());
    let store = collector.store().await;
    let machines = store.of(town).machines().await.unwrap();
    assert_eq!(machines.len(), 1, "{machines:?}");
    assert_eq!(machines[0].tag.as_deref(), Some("accueil"));
    wait::until("the service reports", PATIENCE, async || {
        let machine = store.of(town).machine(machines[0].id).await.unwrap();
        machine.state.is_some()
    })
    .await;
    windows.system(
        "msiexec",
        &["/x", &windows.named("beffroi-agent.msi"), "/qn"],
    );
    assert!(!program.exists());
    assert!(!state.exists());
    let running = windows.system("net", &["start"]);
    assert!(!running.contains("Beffroi"), "{running}");
}
