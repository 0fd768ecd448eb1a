//! From proposals to the register: every step is a person's.

use beffroi_collector::{
    model::{
        Activity, ActivityField, ActivityStatus, Conclusions, FieldValue, Proposal, ProposalFilter,
        ProposalStatus, Provenance,
    },
    store::StoreError,
};

use crate::world::{PAGE, World, minute, on_both_engines, suggestion};

on_both_engines! {
    an_accepted_proposal_enters_the_register,
    a_refused_proposal_says_why,
    a_decided_proposal_cannot_be_decided_again,
    a_reopened_refusal_can_be_accepted,
    a_reopened_acceptance_archives_its_activity,
    an_amended_activity_keeps_its_history,
    an_activity_is_archived_and_restored,
}

async fn an_accepted_proposal_enters_the_register(world: World) {
    let proposal = proposed(&world).await;
    let activity = accept(&world, &proposal).await;

    assert_eq!(activity.rule.as_deref(), Some("paie"));
    assert_eq!(activity.fields, [field("Paie des agents")]);
    let town = world.town();
    assert_eq!(town.activity(activity.id).await.unwrap(), activity);
    assert_eq!(town.activities().await.unwrap()[0], activity);
    let status = town.proposal(proposal.id).await.unwrap().status;
    let accepted = ProposalStatus::Accepted {
        activity: activity.id,
        by_name: "Claire Martin".to_owned(),
        at: minute(5),
    };
    assert_eq!(status, accepted);
    let journal = town.journal(PAGE).await.unwrap();
    assert_eq!(journal.items[0].action, "proposal.accepted");
    assert_eq!(journal.items[0].object, proposal.id.to_string());
}

async fn a_refused_proposal_says_why(world: World) {
    let proposal = proposed(&world).await;
    let town = world.town();
    town.refuse_proposal(proposal.id, " confié au CDG ", &world.dpo, minute(5))
        .await
        .unwrap();
    let refused = &town.proposals(Some(ProposalFilter::Refused)).await.unwrap()[0];
    let status = ProposalStatus::Refused {
        reason: "confié au CDG".to_owned(),
        by_name: "Claire Martin".to_owned(),
        at: minute(5),
    };
    assert_eq!(refused.status, status);
    assert!(town.activities().await.unwrap().is_empty());
    let open = town.proposals(Some(ProposalFilter::Open)).await.unwrap();
    assert!(open.is_empty());
}

async fn a_decided_proposal_cannot_be_decided_again(world: World) {
    let proposal = proposed(&world).await;
    let town = world.town();
    let open = town.reopen_proposal(proposal.id, &world.dpo, minute(4));
    assert!(matches!(open.await, Err(StoreError::Conflict(_))));
    accept(&world, &proposal).await;
    let again = town.accept_proposal(proposal.id, vec![], &world.dpo, minute(6));
    assert!(matches!(again.await, Err(StoreError::Conflict(_))));
    let refused = town.refuse_proposal(proposal.id, "non", &world.dpo, minute(6));
    assert!(matches!(refused.await, Err(StoreError::Conflict(_))));
    assert_eq!(town.activities().await.unwrap().len(), 1);
}

async fn a_reopened_refusal_can_be_accepted(world: World) {
    let proposal = proposed(&world).await;
    let town = world.town();
    town.refuse_proposal(proposal.id, "non", &world.dpo, minute(4))
        .await
        .unwrap();
    town.reopen_proposal(proposal.id, &world.dpo, minute(5))
        .await
        .unwrap();
    assert_eq!(town.proposal(proposal.id).await.unwrap(), proposal);
    accept(&world, &proposal).await;
}

async fn a_reopened_acceptance_archives_its_activity(world: World) {
    let proposal = proposed(&world).await;
    let activity = accept(&world, &proposal).await;
    let town = world.town();
    town.reopen_proposal(proposal.id, &world.dpo, minute(7))
        .await
        .unwrap();
    assert_eq!(town.proposal(proposal.id).await.unwrap(), proposal);
    let archived = town.activity(activity.id).await.unwrap();
    assert_eq!(archived.status, ActivityStatus::Archived);
    let journal = town.journal(PAGE).await.unwrap();
    assert_eq!(journal.items[0].action, "proposal.reopened");
}

async fn an_amended_activity_keeps_its_history(world: World) {
    let proposal = proposed(&world).await;
    let activity = accept(&world, &proposal).await;
    let town = world.town();
    let fields = vec![field("Paie et carrières"), field("Second")];
    let amended = town
        .amend_activity(activity.id, fields.clone(), &world.dpo, minute(8))
        .await
        .unwrap();
    let expected = Activity {
        fields,
        updated_at: minute(8),
        ..activity
    };
    assert_eq!(amended, expected);
    assert_eq!(town.activity(amended.id).await.unwrap(), expected);
    let journal = town.journal(PAGE).await.unwrap();
    assert_eq!(journal.items[0].action, "activity.amended");
}

async fn an_activity_is_archived_and_restored(world: World) {
    let proposal = proposed(&world).await;
    let activity = accept(&world, &proposal).await.id;
    let town = world.town();
    let status = async || town.activity(activity).await.unwrap().status;

    let active = town.restore_activity(activity, &world.dpo, minute(8));
    assert!(matches!(active.await, Err(StoreError::Conflict(_))));
    town.archive_activity(activity, &world.dpo, minute(8))
        .await
        .unwrap();
    assert_eq!(status().await, ActivityStatus::Archived);
    let archived = town.archive_activity(activity, &world.dpo, minute(9));
    assert!(matches!(archived.await, Err(StoreError::Conflict(_))));
    town.restore_activity(activity, &world.dpo, minute(9))
        .await
        .unwrap();
    assert_eq!(status().await, ActivityStatus::Active);
}

async fn proposed(world: &World) -> Proposal {
    let conclusions = Conclusions {
        rules_version: "2026.3".to_owned(),
        proposals: vec![suggestion("paie", "Logiciel « e.magnus » sur 2 postes")],
        ..Conclusions::default()
    };
    world.conclude(&conclusions, minute(3)).await;
    let mut open = world
        .town()
        .proposals(Some(ProposalFilter::Open))
        .await
        .unwrap();
    open.pop().unwrap()
}

async fn accept(world: &World, proposal: &Proposal) -> Activity {
    let fields = vec![field("Paie des agents")];
    world
        .town()
        .accept_proposal(proposal.id, fields, &world.dpo, minute(5))
        .await
        .unwrap()
}

fn field(label: &str) -> ActivityField {
    ActivityField {
        name: "label".to_owned(),
        value: FieldValue::Text(label.to_owned()),
        provenance: Provenance::Person {
            name: "Claire Martin".to_owned(),
            at: minute(5),
        },
    }
}
