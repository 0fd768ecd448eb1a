//! Exceptions in the pages: added with a reason and an end, listed, ended and resumed; no value is kept or shown.

use axum::http::StatusCode;
use beffroi_collector::model::{AllowedSubject, FileFilter, PageRequest};

use super::{browser::Browser, world::World};

const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

#[tokio::test]
async fn a_value_is_added_without_being_kept() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let address = format!("/o/{}/exceptions", world.full);
    let fields = [
        ("what", "valeur"),
        ("value", IBAN),
        ("reason", "compte du Trésor public"),
        ("until", "2027-12-31"),
    ];
    let answer = browser.submit(&address, &fields).await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("L’exception est ajoutée");
    page.shows("FR•• 2004 1");
    page.shows("jusqu’au 31 décembre 2027");
    page.shows("compte du Trésor public");
    page.hides("0505");
    let journal = browser.get(&format!("/o/{}/journal", world.full)).await;
    journal.shows("Exception ajoutée");
    journal.hides("0505");
    let allowances = world.store.of(world.full).allowances().await.unwrap();
    let AllowedSubject::Value { kind, .. } = &allowances[0].subject else {
        panic!("{allowances:?}")
    };
    assert_eq!(kind, "iban");
    assert_eq!(allowances[0].by_name, "Camille Besson");
}

#[tokio::test]
async fn a_form_that_cannot_be_applied_comes_back_with_what_was_typed_but_the_value() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let address = format!("/o/{}/exceptions", world.full);
    let before = world.store.of(world.full).allowances().await.unwrap();
    let fields = [
        ("what", "valeur"),
        ("value", IBAN),
        ("reason", "motif à garder"),
    ];
    let answer = browser.submit(&address, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.shows("Donnez une date de fin");
    answer.shows("motif à garder");
    answer.hides("0505");
    let after = world.store.of(world.full).allowances().await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_exception_is_ended_and_resumed() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let list = format!("/o/{}/exceptions", world.full);
    browser.get(&list).await.shows("En vigueur");
    let id = world.store.of(world.full).allowances().await.unwrap()[0].id;

    let answer = browser.submit(&format!("{list}/{id}/fin"), &[]).await;
    browser.get(answer.leads_to()).await.shows("Levée");
    let twice = browser.submit(&format!("{list}/{id}/fin"), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let answer = browser.submit(&format!("{list}/{id}/reprise"), &[]).await;
    browser
        .get(answer.leads_to())
        .await
        .shows("L’exception est rétablie");
}

#[tokio::test]
async fn a_reader_sees_exceptions_and_cannot_add_one() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "lectrice").await;
    let list = format!("/o/{}/exceptions", world.full);
    let page = browser.get(&list).await;
    page.shows("saint-exemple.fr");
    page.hides("Ajouter une exception");
    let fields = [("what", "nature"), ("kind", "nir"), ("reason", "x")];
    let answer = browser.submit(&list, &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_an_exception_hides_is_shown_where_people_look() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let sentence = "3\u{a0}valeurs masquées par une exception";
    let overview = browser.get(&format!("/o/{}", world.full)).await;
    overview.shows(sentence);
    let list = browser.get(&format!("/o/{}/exceptions", world.full)).await;
    list.shows("3\u{a0}valeurs masquées dans 1\u{a0}fichier");

    let id = world.store.of(world.full).allowances().await.unwrap()[0].id;
    let files = browser
        .get(&format!("/o/{}/fichiers?exception={id}", world.full))
        .await;
    files.shows("bulletins_decembre.csv");
    files.hides("candidatures_2019.ods");
    let all = PageRequest {
        number: 0,
        size: 100,
    };
    let files = world
        .store
        .of(world.full)
        .files(&FileFilter::default(), all)
        .await
        .unwrap()
        .items;
    let file = files.iter().find(|file| !file.state.hidden.is_empty());
    let address = format!("/o/{}/fichiers/{}", world.full, file.unwrap().id);
    let page = browser.get(&address).await;
    page.shows(sentence);
    page.shows("adresses de service");
}
