//! Newer programs: added once, offered to one town at a time, and what agents say of them.

use beffroi_collector::{
    model::{Actor, MachineId, Package, Ring, Upgrade, UpgradeState},
    store::StoreError,
};

use crate::world::{PAGE, World, minute, on_both_engines};

on_both_engines! {
    a_package_is_added_once_for_each_platform,
    the_latest_offer_replaces_the_one_before,
    an_offer_that_is_stopped_is_over,
    the_last_word_of_an_agent_counts_and_is_told_once,
}

fn package(platform: &str) -> Package {
    Package {
        version: "0.2.0".to_owned(),
        platform: platform.to_owned(),
        size_bytes: 19_000_000,
        signature: "untrusted comment: …".to_owned(),
        added_at: minute(1),
    }
}

fn rings() -> Vec<Ring> {
    vec![Ring::Tag("mairie".to_owned()), Ring::Percent(100)]
}

fn said(machine: MachineId, state: UpgradeState, at: i64) -> Upgrade {
    Upgrade {
        machine,
        version: "0.2.0".to_owned(),
        state,
        reason: String::new(),
        at: minute(at),
    }
}

async fn actions(world: &World) -> Vec<String> {
    let journal = world.town().journal(PAGE).await.unwrap();
    let actions = journal.items.into_iter().map(|entry| entry.action);
    actions
        .filter(|action| action.starts_with("update."))
        .collect()
}

async fn a_package_is_added_once_for_each_platform(world: World) {
    let store = &world.store;
    for platform in ["linux-x86_64", "linux-aarch64"] {
        store.add_package(&package(platform)).await.unwrap();
    }
    let again = store.add_package(&package("linux-x86_64")).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    assert_eq!(store.packages().await.unwrap().len(), 2);
    let found = store.package("0.2.0", "linux-x86_64").await.unwrap();
    assert_eq!(found, package("linux-x86_64"));
    let other = store.package("0.2.0", "windows-x86_64").await;
    assert!(matches!(other, Err(StoreError::NotFound)));
}

async fn the_latest_offer_replaces_the_one_before(world: World) {
    let town = world.town();
    for version in ["0.2.0", "0.3.0"] {
        town.offer_update(version, rings(), Actor::Operator, minute(2))
            .await
            .unwrap();
    }
    let offer = town.update_offer().await.unwrap().unwrap();
    assert_eq!((offer.version.as_str(), offer.rings), ("0.3.0", rings()));
    assert_eq!(offer.offered_at, minute(2));
    assert_eq!(world.other_town().update_offer().await.unwrap(), None);
}

async fn an_offer_that_is_stopped_is_over(world: World) {
    let town = world.town();
    let nothing = town.stop_update(Actor::Operator, minute(1)).await;
    assert!(matches!(nothing, Err(StoreError::NotFound)));
    town.offer_update("0.2.0", rings(), Actor::Operator, minute(2))
        .await
        .unwrap();
    // Not by another town.
    let theirs = world
        .other_town()
        .stop_update(Actor::Operator, minute(3))
        .await;
    assert!(matches!(theirs, Err(StoreError::NotFound)));
    town.stop_update(Actor::Operator, minute(4)).await.unwrap();
    assert_eq!(town.update_offer().await.unwrap(), None);
    assert_eq!(actions(&world).await, ["update.stopped", "update.offered"]);
}

async fn the_last_word_of_an_agent_counts_and_is_told_once(world: World) {
    let machine = world.agent("accueil").await.machine;
    let town = world.town();
    for (state, at) in [
        (UpgradeState::OnTrial, 3),
        (UpgradeState::Runs, 4),
        (UpgradeState::Runs, 50),
    ] {
        town.note_upgrade(&said(machine, state, at)).await.unwrap();
    }
    let upgrades = town.upgrades("0.2.0").await.unwrap();
    assert_eq!(upgrades, [said(machine, UpgradeState::Runs, 4)]);
    assert_eq!(actions(&world).await, ["update.runs", "update.on_trial"]);
    assert_eq!(town.upgrades("0.3.0").await.unwrap(), []);
}
