//! What a person decides is stored, shown, and can be undone.

use axum::http::StatusCode;
use beffroi_collector::model::{
    Activity, ActivityStatus, DecisionKind, File, FileFilter, PageRequest, ProposalStatus,
    Provenance,
};

use super::{browser::Browser, world::World};

#[tokio::test]
async fn a_file_is_decided_then_undone() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let address = format!("/o/{}/fichiers/{}", world.full, file(&world).await.id);

    let fields = [("decision", "to_delete"), ("comment", "Doublon de 2011")];
    let answer = browser
        .submit(&format!("{address}/decision"), &fields)
        .await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("Décision enregistrée");
    page.shows("Doublon de 2011");
    let decision = file(&world).await.decision.unwrap();
    assert_eq!(decision.kind, DecisionKind::ToDelete);
    assert_eq!(decision.by_name, "Camille Besson");

    let answer = browser.submit(&format!("{address}/annulation"), &[]).await;
    browser
        .get(answer.leads_to())
        .await
        .shows("Décision annulée");
    assert_eq!(file(&world).await.decision, None);

    let twice = browser.submit(&format!("{address}/annulation"), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_decision_must_be_one_of_the_four() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let address = format!(
        "/o/{}/fichiers/{}/decision",
        world.full,
        file(&world).await.id
    );
    let answer = browser.submit(&address, &[("decision", "burn")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(file(&world).await.decision, None);
}

#[tokio::test]
async fn a_reader_reads_without_buttons_and_cannot_decide() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "lectrice").await;
    let address = format!("/o/{}/fichiers/{}", world.full, file(&world).await.id);
    browser.get(&address).await.hides("Enregistrer la décision");

    let answer = browser
        .submit(&format!("{address}/decision"), &[("decision", "confirmed")])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("permet de consulter, pas de décider");
    assert_eq!(file(&world).await.decision, None);
}

#[tokio::test]
async fn an_accepted_proposal_keeps_the_rules_words_and_marks_the_persons() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let proposal = world
        .store
        .of(world.full)
        .proposals(None)
        .await
        .unwrap()
        .remove(0);
    let address = format!("/o/{}/propositions/{}/acceptation", world.full, proposal.id);
    browser.get(&address).await.shows("Obligation légale");

    // As the page shows it, with other recipients and a further period.
    let fields = [
        ("label", "Gestion de la paie des agents"),
        (
            "purposes",
            "Calculer et verser les rémunérations\r\nÉtablir les déclarations sociales",
        ),
        ("legal_basis", "Obligation légale (art. 6.1.c)"),
        ("recipients", "Trésorerie\r\nCentre de gestion"),
        ("retention.what", "bulletins de paie"),
        ("retention.duration", "50 ans"),
        ("retention.trigger", "émission du bulletin"),
        ("retention.end", "destruction"),
        ("retention.source", "Code du travail, art. L. 3243-4"),
    ];
    let answer = browser.submit(&address, &fields).await;
    let page = browser.get(answer.leads_to()).await;
    page.shows("Le traitement est inscrit au registre.");
    page.shows("Centre de gestion");

    let activity = activity(&world).await;
    assert!(is_rules(&activity, "label"));
    assert!(is_rules(&activity, "purposes"));
    assert!(is_rules(&activity, "legal_basis"));
    assert!(is_rules(&activity, "retention"));
    assert!(!is_rules(&activity, "recipients"));
    assert!(
        !is_rules(&activity, "data_categories"),
        "emptied by a person"
    );

    let again = browser.submit(&address, &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_entry_without_a_name_is_shown_again_with_what_was_typed() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let proposal = world
        .store
        .of(world.full)
        .proposals(None)
        .await
        .unwrap()
        .remove(0);
    let address = format!("/o/{}/propositions/{}/acceptation", world.full, proposal.id);
    let answer = browser
        .submit(&address, &[("label", " "), ("notes", "à relire")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.shows("Donnez un nom au traitement.");
    answer.shows("à relire");
    assert!(
        world
            .store
            .of(world.full)
            .activities()
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_entry_is_amended_archived_and_restored() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let proposal = world
        .store
        .of(world.full)
        .proposals(None)
        .await
        .unwrap()
        .remove(0);
    let accept = format!("/o/{}/propositions/{}/acceptation", world.full, proposal.id);
    browser.submit(&accept, &[("label", "Paie")]).await;
    let address = format!("/o/{}/registre/{}", world.full, activity(&world).await.id);

    let answer = browser
        .submit(
            &format!("{address}/modification"),
            &[("label", "Paie et indemnités")],
        )
        .await;
    browser
        .get(answer.leads_to())
        .await
        .shows("Paie et indemnités");
    browser.submit(&format!("{address}/archivage"), &[]).await;
    assert_eq!(activity(&world).await.status, ActivityStatus::Archived);
    browser.get(&address).await.shows("Remettre au registre");
    browser
        .submit(&format!("{address}/restauration"), &[])
        .await;
    assert_eq!(activity(&world).await.status, ActivityStatus::Active);
}

#[tokio::test]
async fn a_proposal_is_refused_with_a_reason_then_reopened() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let proposal = world
        .store
        .of(world.full)
        .proposals(None)
        .await
        .unwrap()
        .remove(0);
    let address = format!("/o/{}/propositions/{}", world.full, proposal.id);

    let silent = browser
        .submit(&format!("{address}/refus"), &[("reason", " ")])
        .await;
    assert_eq!(silent.status, StatusCode::BAD_REQUEST);
    let reason = [("reason", "Paie confiée au centre de gestion")];
    browser.submit(&format!("{address}/refus"), &reason).await;
    browser
        .get(&address)
        .await
        .shows("Paie confiée au centre de gestion");
    let journal = browser.get(&format!("/o/{}/journal", world.full)).await;
    journal.shows("Camille Besson");

    browser.submit(&format!("{address}/reouverture"), &[]).await;
    let reopened = world
        .store
        .of(world.full)
        .proposal(proposal.id)
        .await
        .unwrap();
    assert_eq!(reopened.status, ProposalStatus::Open);
}

async fn file(world: &World) -> File {
    let first = PageRequest { number: 0, size: 1 };
    let filter = FileFilter::default();
    world
        .store
        .of(world.full)
        .files(&filter, first)
        .await
        .unwrap()
        .items
        .remove(0)
}

async fn activity(world: &World) -> Activity {
    world
        .store
        .of(world.full)
        .activities()
        .await
        .unwrap()
        .remove(0)
}

fn is_rules(activity: &Activity, name: &str) -> bool {
    let field = activity
        .fields
        .iter()
        .find(|field| field.name == name)
        .unwrap();
    matches!(field.provenance, Provenance::Rule { .. })
}
