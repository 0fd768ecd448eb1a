//! Decisions are persons': no scan changes them.

use beffroi_collector::{
    model::{DecisionFilter, DecisionKind, FileFilter, FileState, Verdict},
    store::StoreError,
};

use crate::world::{Agent, World, actor, file, minute, on_both_engines, pass};

on_both_engines! {
    a_decision_survives_a_rescan_that_finds_the_same,
    a_decision_survives_and_is_flagged_when_the_file_changed,
    other_samples_of_the_same_content_flag_nothing,
    a_decision_survives_the_files_absence,
    a_decision_takes_the_place_of_another,
    an_undone_decision_stays_in_the_history,
    nothing_to_undo_is_a_conflict,
}

const PATH: &str = "/srv/rh/paie.csv";

async fn a_decision_survives_a_rescan_that_finds_the_same(world: World) {
    let mut agent = decided(&world).await;
    let before = world.file(PATH).await;

    agent
        .send(&world, &pass(2, &[file(PATH, 3)]), minute(9))
        .await;

    let after = world.file(PATH).await;
    assert_eq!(after.decision, before.decision);
    assert!(!after.changed_since_decision);
}

async fn a_decision_survives_and_is_flagged_when_the_file_changed(world: World) {
    let mut agent = decided(&world).await;
    let decision = world.file(PATH).await.decision;
    let changes: [fn(&mut FileState); 3] = [
        |state| state.tallies[0].count += 1,
        |state| state.verdict = Verdict::PartlyRead,
        |state| state.content_fingerprint = vec![2; 32],
    ];
    for (id, change) in (2..).zip(changes) {
        let mut changed = file(PATH, 3);
        change(&mut changed);
        agent.send(&world, &pass(id, &[changed]), minute(9)).await;

        let after = world.file(PATH).await;
        assert_eq!(after.decision, decision);
        assert!(after.changed_since_decision);
    }
    let to_review = FileFilter {
        decision: Some(DecisionFilter::ToReview),
        ..FileFilter::default()
    };
    assert_eq!(world.search(to_review.clone()).await, [PATH]);

    let id = world.file(PATH).await.id;
    world.decide(id, DecisionKind::ToSecure, minute(10)).await;
    assert!(world.search(to_review).await.is_empty());
}

async fn other_samples_of_the_same_content_flag_nothing(world: World) {
    let mut agent = decided(&world).await;
    let mut reworded = file(PATH, 3);
    reworded.tallies[0].reasons = vec!["clé et colonne".to_owned()];
    agent.send(&world, &pass(2, &[reworded]), minute(9)).await;
    assert!(!world.file(PATH).await.changed_since_decision);
}

async fn a_decision_survives_the_files_absence(world: World) {
    let mut agent = decided(&world).await;
    let decision = world.file(PATH).await.decision;
    agent.send(&world, &pass(2, &[]), minute(9)).await;
    agent
        .send(&world, &pass(3, &[file(PATH, 3)]), minute(12))
        .await;
    assert_eq!(world.file(PATH).await.decision, decision);
}

async fn a_decision_takes_the_place_of_another(world: World) {
    decided(&world).await;
    let id = world.file(PATH).await.id;
    let decision = world
        .town()
        .decide(id, DecisionKind::ToDelete, "", &world.dpo, minute(5))
        .await
        .unwrap();
    assert_eq!(decision.kind, DecisionKind::ToDelete);
    assert_eq!(world.file(PATH).await.decision, Some(decision));
    let history = world.town().file_history(id).await.unwrap();
    assert_eq!(history.len(), 2);
}

async fn an_undone_decision_stays_in_the_history(world: World) {
    decided(&world).await;
    let id = world.file(PATH).await.id;
    let town = world.town();
    town.undo_decision(id, &world.dpo, minute(6)).await.unwrap();

    assert_eq!(world.file(PATH).await.decision, None);
    let history = town.file_history(id).await.unwrap();
    let actions: Vec<_> = history.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["file.decision_undone", "file.decided"]);
    assert_eq!(history[1].actor, actor(&world.dpo));
    assert_eq!((history[0].at, history[1].at), (minute(6), minute(4)));
    assert!(history[1].detail.contains("vu avec le service"));
}

async fn nothing_to_undo_is_a_conflict(world: World) {
    decided(&world).await;
    let id = world.file(PATH).await.id;
    let town = world.town();
    town.undo_decision(id, &world.dpo, minute(6)).await.unwrap();
    let again = town.undo_decision(id, &world.dpo, minute(7)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))));
    assert_eq!(town.file_history(id).await.unwrap().len(), 2);
}

/// A town where one file was found and confirmed.
async fn decided(world: &World) -> Agent {
    let mut agent = world.agent("accueil").await;
    agent
        .send(world, &pass(1, &[file(PATH, 3)]), minute(1))
        .await;
    let id = world.file(PATH).await.id;
    world.decide(id, DecisionKind::Confirmed, minute(4)).await;
    agent
}
