//! Versions of the agent, beside the machines that run them.

use beffroi_collector::model::{Actor, Ring, Upgrade, UpgradeState};
use jiff::SignedDuration;

use super::{browser::Browser, world::World};

#[tokio::test]
async fn machines_that_are_behind_or_went_back_are_told() {
    let world = World::new().await;
    let now = *world.now.lock().unwrap();
    let store = world.store.of(world.full);
    let mut browser = Browser::signed_in(&world, "lectrice").await;
    let list = format!("/o/{}/postes", world.full);
    browser.get(&list).await.hides("de l’agent</h2>");

    let rings = vec![Ring::Percent(100)];
    store
        .offer_update("99.0.0", rings, Actor::Operator, now)
        .await
        .unwrap();
    let machines = store.machines().await.unwrap();
    let offered = browser.get(&list).await;
    offered.shows("Version 99.0.0 de l’agent");
    offered.shows("100 % :");
    offered.shows("en retard</span>");

    let machine = machines[0].id;
    let said = Upgrade {
        machine,
        version: "99.0.0".to_owned(),
        state: UpgradeState::RolledBack,
        reason: "n'a rien rapporté en 10 minutes".to_owned(),
        at: now + SignedDuration::from_mins(12),
    };
    store.note_upgrade(&said).await.unwrap();
    let halted = browser.get(&list).await;
    halted.shows("revenu en arrière");
    halted.shows("rien rapporté en 10 minutes");
    halted.shows("plus aucun ne reçoit celle-ci");
    let page = browser.get(&format!("{list}/{machine}")).await;
    page.shows("Retour à la version précédente");
    // The other town is offered nothing.
    let mut other = Browser::signed_in(&world, "ccas").await;
    other
        .get(&format!("/o/{}/postes", world.empty))
        .await
        .hides("99.0.0");
}
