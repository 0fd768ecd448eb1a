//! Nothing of a town is seen, or known to exist, from another.

use axum::http::StatusCode;
use beffroi_collector::web::town_routes;

use super::{
    browser::Browser,
    pages::{addresses, ids},
    world::World,
};

/// Signed in for one town, every route of the other is walked with its real ids, for reading and for writing.
#[tokio::test]
async fn another_town_does_not_exist() {
    let world = World::new().await;
    let ids = every_id(&world).await;
    let mut browser = Browser::signed_in(&world, "ccas").await;
    let mut walked = 0;
    for (route, _) in town_routes() {
        for address in addresses(route, world.full, &ids) {
            walked += 1;
            let read = browser.get(&address).await;
            assert!(
                matches!(
                    read.status,
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                ),
                "{} {address}",
                read.status
            );
            let write = browser.submit(&address, &every_field()).await;
            assert!(
                matches!(
                    write.status,
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                ),
                "{} {address}",
                write.status
            );
            read.hides("Saint-Exemple</");
        }
    }
    assert!(walked >= 30, "{walked}");
}

/// Somebody who may see both towns cannot reach one's things under the other's address either.
#[tokio::test]
async fn an_id_only_works_under_its_own_town() {
    let world = World::new().await;
    let ids = every_id(&world).await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let mut walked = 0;
    for (route, _) in town_routes() {
        if !route.contains("{id}") {
            continue;
        }
        for address in addresses(route, world.empty, &ids) {
            walked += 1;
            let read = browser.get(&address).await;
            assert!(
                matches!(
                    read.status,
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                ),
                "{} {address}",
                read.status
            );
            let write = browser.submit(&address, &every_field()).await;
            assert!(
                matches!(
                    write.status,
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                ),
                "{} {address}",
                write.status
            );
        }
    }
    assert!(walked > 20, "{walked}");
}

#[tokio::test]
async fn an_unreadable_or_unknown_id_leads_nowhere() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for address in [
        "/o/pas-un-id".to_owned(),
        "/o/00000000-0000-0000-0000-000000000000".to_owned(),
        format!("/o/{}/fichiers/pas-un-id", world.full),
        format!("/o/{}/nulle-part", world.full),
    ] {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        answer.shows("Page introuvable");
    }
}

/// With an entry in the register, so that its routes are walked too.
async fn every_id(world: &World) -> Vec<(&'static str, String)> {
    let mut browser = Browser::signed_in(world, "dpo").await;
    let proposals = world.store.of(world.full).proposals(None).await.unwrap();
    let address = format!(
        "/o/{}/propositions/{}/acceptation",
        world.full, proposals[0].id
    );
    browser.submit(&address, &[("label", "Paie")]).await;
    ids(&world.store, world.full).await
}

/// What makes every form complete.
fn every_field() -> [(&'static str, &'static str); 6] {
    [
        ("decision", "confirmed"),
        ("reason", "hors sujet"),
        ("label", "Paie"),
        ("what", "nature"),
        ("kind", "nir"),
        ("no_end", "oui"),
    ]
}
