//! Which machine is which, in the pages: proposed, decided by a person, undone; copies refused and admitted.

use axum::http::StatusCode;
use beffroi_collector::{
    marks::may_be_one_machine,
    model::{MachineId, Mark},
    store::{DetachLimit, Detaching},
};
use jiff::{SignedDuration, Timestamp};

use super::{browser::Browser, world::World};

/// The reception's PC, and a machine that came later on the same hardware, from a copy of its disk.
async fn installed_anew(world: &World) -> (MachineId, MachineId) {
    let store = world.store.of(world.full);
    let machines = store.machines().await.unwrap();
    let named = |name: &str| machines.iter().find(|machine| machine.host_name == name);
    let older = named("ACCUEIL-01").unwrap().id;
    world.later(SignedDuration::from_hours(30));
    let detaching = Detaching {
        public_key_hash: [3; 32],
        host_name: "DESKTOP-7F3K",
        agent_version: "0.1.0",
    };
    let limit = DetachLimit {
        most: 9,
        since: Timestamp::UNIX_EPOCH,
    };
    let now = *world.now.lock().unwrap();
    let newer = store.detach(older, detaching, limit, now).await.unwrap();
    let serial = Mark {
        kind: "serial".to_owned(),
        fingerprint: vec![5; 32],
    };
    for machine in [older, newer] {
        let shown = [serial.clone()];
        assert!(
            store
                .bind_marks(machine, &shown, may_be_one_machine)
                .await
                .unwrap()
        );
    }
    (older, newer)
}

#[tokio::test]
async fn a_machine_installed_anew_is_proposed_merged_and_separated() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let base = format!("/o/{}", world.full);
    let list = format!("{base}/rapprochements");
    browser
        .get(&list)
        .await
        .shows("Aucun poste n’en rappelle un autre");
    let (older, newer) = installed_anew(&world).await;

    // The session of the day before has ended.
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let machines = browser.get(&format!("{base}/postes")).await;
    machines.shows("poste semble en être un autre");
    let page = browser.get(&list).await;
    page.shows("ACCUEIL-01");
    page.shows("DESKTOP-7F3K");
    page.shows("repère matériel identique sur 1");
    page.shows("ses fichiers sont tenus pour disparus");
    page.shows("Une fusion peut être annulée");

    let newer = newer.to_string();
    let fusion = format!("{list}/{older}/fusion");
    let answer = browser.submit(&fusion, &[("poste", &newer)]).await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("Les deux postes sont fusionnés");
    page.shows("Annuler la fusion");
    page.shows("Camille Besson");
    page.hides("repère matériel");
    let twice = browser.submit(&fusion, &[("poste", &newer)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    browser
        .get(&format!("{base}/postes"))
        .await
        .shows("Fusionné");
    // The page of the machine tells the history of both.
    let page = browser.get(&format!("{base}/postes/{newer}")).await;
    page.shows("Réunit aussi");
    page.shows("Poste enrôlé");
    browser
        .get(&format!("{base}/journal"))
        .await
        .shows("même machine, réinstallée");

    let answer = browser
        .submit(&format!("{list}/{older}/separation"), &[])
        .await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("La fusion est annulée");
    page.shows("repère matériel identique sur 1");
}

#[tokio::test]
async fn machines_that_are_two_are_not_proposed_until_asked_again() {
    let world = World::new().await;
    let (older, newer) = installed_anew(&world).await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let place = format!("/o/{}/rapprochements/{older}", world.full);
    let newer = newer.to_string();
    let answer = browser
        .submit(&format!("{place}/distinction"), &[("poste", &newer)])
        .await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("Ce sont deux machines");
    page.shows("Postes qui se ressemblent, et sont deux");
    page.hides("repère matériel");
    let answer = browser
        .submit(&format!("{place}/reprise"), &[("poste", &newer)])
        .await;
    browser
        .get(answer.leads_to())
        .await
        .shows("repère matériel identique");
    for wrong in ["", "pas-un-id", "00000000-0000-0000-0000-000000000000"] {
        let answer = browser
            .submit(&format!("{place}/fusion"), &[("poste", wrong)])
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_copy_is_refused_and_admitted_again() {
    let world = World::new().await;
    let (older, copy) = installed_anew(&world).await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let base = format!("/o/{}/postes", world.full);
    let page = browser.get(&format!("{base}/{copy}")).await;
    page.shows("Copie du disque de");
    let answer = browser.submit(&format!("{base}/{copy}/refus"), &[]).await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("La copie est refusée");
    page.shows("Refusée");
    let store = world.store.of(world.full);
    assert!(!store.agent_is_active(copy).await.unwrap());
    let answer = browser
        .submit(&format!("{base}/{copy}/retablissement"), &[])
        .await;
    browser.get(answer.leads_to()).await.shows("Admise");
    assert!(store.agent_is_active(copy).await.unwrap());
    // Only copies are refused here.
    let answer = browser.submit(&format!("{base}/{older}/refus"), &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_reader_sees_and_decides_nothing() {
    let world = World::new().await;
    let (older, newer) = installed_anew(&world).await;
    let mut browser = Browser::signed_in(&world, "lectrice").await;
    let list = format!("/o/{}/rapprochements", world.full);
    let page = browser.get(&list).await;
    page.shows("DESKTOP-7F3K");
    page.hides("<button type=\"submit\">Fusionner");
    page.hides(">Refuser<");
    let newer = newer.to_string();
    for (place, fields) in [
        (
            format!("{list}/{older}/fusion"),
            vec![("poste", newer.as_str())],
        ),
        (format!("/o/{}/postes/{newer}/refus", world.full), vec![]),
    ] {
        let answer = browser.submit(&place, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
    }
    assert!(
        world
            .store
            .of(world.full)
            .merges()
            .await
            .unwrap()
            .is_empty()
    );
}
