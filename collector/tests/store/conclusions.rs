//! What knowledge concludes is kept beside what persons decided, never over it.

use std::collections::BTreeMap;

use beffroi_collector::model::{
    CensusEntry, Change, Conclusions, DecisionKind, GapAnswer, GapOutcome, Proof, ProposalFilter,
    ProposalStatus, SuggestedActivity,
};

use crate::world::{
    World, answer, fact, file, minute, on_both_engines, pass, software, suggestion,
};

on_both_engines! {
    a_snapshot_holds_all_that_is_known,
    a_town_is_stale_until_its_conclusions_are_saved,
    a_report_during_the_computation_keeps_the_town_stale,
    older_conclusions_do_not_replace_newer_ones,
    an_open_proposal_follows_the_evidence,
    new_evidence_never_overwrites_a_decision,
    an_open_proposal_no_longer_suggested_vanishes,
    a_decided_proposal_no_longer_suggested_stays,
    a_gap_keeps_its_id_and_the_day_it_was_first_seen,
    a_gap_of_the_organisation_is_one,
    a_gap_no_longer_answered_is_forgotten,
    the_census_is_replaced_whole,
}

async fn a_snapshot_holds_all_that_is_known(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut changes = pass(1, &[file("/srv/a.csv", 3), file("/srv/b.csv", 4)]);
    changes.push(Change::Facts(vec![fact("ssh.root_login", true)]));
    changes.push(Change::Installations {
        installations: vec![software("vlc")],
        unread_sources: vec![],
    });
    agent.send(&world, &changes, minute(1)).await;
    let false_alarm = world.file("/srv/a.csv").await.id;
    world
        .decide(false_alarm, DecisionKind::FalseAlarm, minute(2))
        .await;
    agent
        .send(&world, &pass(2, &[file("/srv/a.csv", 3)]), minute(3))
        .await;

    let (snapshot, _) = world.town().snapshot().await.unwrap();

    assert_eq!(snapshot.machines.len(), 1);
    assert_eq!(snapshot.installations[&agent.machine], [software("vlc")]);
    assert_eq!(
        snapshot.facts[&agent.machine],
        [fact("ssh.root_login", true)]
    );
    assert_eq!(snapshot.files, [world.file("/srv/a.csv").await]);
}

async fn a_town_is_stale_until_its_conclusions_are_saved(world: World) {
    assert!(world.store.stale_organisations().await.unwrap().is_empty());
    let mut agent = world.agent("accueil").await;
    agent
        .send(&world, &pass(1, &[file("/srv/a.csv", 3)]), minute(1))
        .await;
    assert_stale(&world, true).await;
    world.conclude(&Conclusions::default(), minute(2)).await;
    assert_stale(&world, false).await;
    let id = world.file("/srv/a.csv").await.id;
    world.decide(id, DecisionKind::FalseAlarm, minute(3)).await;
    assert_stale(&world, true).await;
}

async fn a_report_during_the_computation_keeps_the_town_stale(world: World) {
    let mut agent = world.agent("accueil").await;
    let town = world.town();
    let (_, mark) = town.snapshot().await.unwrap();
    agent
        .send(&world, &[Change::Facts(vec![])], minute(1))
        .await;
    town.save_conclusions(&proposing(&["paie"]), mark, minute(2))
        .await
        .unwrap();
    assert_stale(&world, true).await;
    assert_eq!(town.proposals(None).await.unwrap().len(), 1);
}

async fn older_conclusions_do_not_replace_newer_ones(world: World) {
    let mut agent = world.agent("accueil").await;
    let town = world.town();
    let (_, old) = town.snapshot().await.unwrap();
    agent
        .send(&world, &[Change::Facts(vec![])], minute(1))
        .await;
    world.conclude(&proposing(&["paie"]), minute(2)).await;
    town.save_conclusions(&proposing(&["cantine"]), old, minute(3))
        .await
        .unwrap();
    assert_eq!(town.proposals(None).await.unwrap()[0].rule, "paie");
    assert_stale(&world, false).await;
}

async fn an_open_proposal_follows_the_evidence(world: World) {
    world.conclude(&proposing(&["paie"]), minute(1)).await;
    let town = world.town();
    let before = town.proposals(None).await.unwrap().remove(0);
    world.conclude(&proposing(&["paie"]), minute(2)).await;
    let again = town.proposals(None).await.unwrap().remove(0);
    assert_eq!(again, before);

    let stronger = SuggestedActivity {
        score: 90,
        ..suggestion("paie", "12 fichiers de paie")
    };
    world.conclude(&saying(vec![stronger]), minute(3)).await;

    let after = town.proposals(None).await.unwrap().remove(0);
    assert_eq!((after.id, after.first_proposed_at), (before.id, minute(1)));
    assert_eq!((after.score, after.evidence_at), (90, minute(3)));
    assert!(!after.changed_since_decision);
}

async fn new_evidence_never_overwrites_a_decision(world: World) {
    world
        .conclude(&proposing(&["cantine", "paie"]), minute(1))
        .await;
    let town = world.town();
    for proposal in town.proposals(None).await.unwrap() {
        if proposal.rule == "paie" {
            let accepted = town.accept_proposal(proposal.id, vec![], &world.dpo, minute(2));
            accepted.await.unwrap();
        } else {
            let refused = town.refuse_proposal(proposal.id, "non", &world.dpo, minute(2));
            refused.await.unwrap();
        }
    }
    let before = town.proposals(None).await.unwrap();
    let register = town.activities().await.unwrap();
    world
        .conclude(&proposing(&["cantine", "paie"]), minute(3))
        .await;
    assert_eq!(town.proposals(None).await.unwrap(), before);

    let changed = ["cantine", "paie"].map(|rule| suggestion(rule, "autre preuve"));
    world.conclude(&saying(changed.to_vec()), minute(4)).await;

    let after = town.proposals(None).await.unwrap();
    assert_eq!(after.len(), 2);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((after.id, &after.status), (before.id, &before.status));
        assert!(after.changed_since_decision);
        assert_eq!(after.evidence[0].what, "autre preuve");
    }
    assert_eq!(town.activities().await.unwrap(), register);
}

async fn an_open_proposal_no_longer_suggested_vanishes(world: World) {
    world
        .conclude(&proposing(&["cantine", "paie"]), minute(1))
        .await;
    world.conclude(&proposing(&["paie"]), minute(2)).await;
    let left = world.town().proposals(None).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].rule, "paie");
}

async fn a_decided_proposal_no_longer_suggested_stays(world: World) {
    world.conclude(&proposing(&["paie"]), minute(1)).await;
    let town = world.town();
    let id = town.proposals(None).await.unwrap()[0].id;
    town.refuse_proposal(id, "non", &world.dpo, minute(2))
        .await
        .unwrap();
    let refused = town.proposal(id).await.unwrap();
    world.conclude(&Conclusions::default(), minute(3)).await;
    assert_eq!(town.proposal(id).await.unwrap(), refused);
    assert!(matches!(refused.status, ProposalStatus::Refused { .. }));
    let open = town.proposals(Some(ProposalFilter::Open)).await.unwrap();
    assert!(open.is_empty());
}

async fn a_gap_keeps_its_id_and_the_day_it_was_first_seen(world: World) {
    let machine = world.agent("accueil").await.machine;
    let shortfall = answer("ssh", Some(machine), GapOutcome::Shortfall);
    world
        .conclude(&answering(std::slice::from_ref(&shortfall)), minute(1))
        .await;
    let town = world.town();
    let first = town.gaps(None).await.unwrap().remove(0);
    assert_eq!(
        (first.first_seen_at, first.changed_at),
        (minute(1), minute(1))
    );

    let reworded = GapAnswer {
        title: "Connexion directe de root".to_owned(),
        ..shortfall.clone()
    };
    world.conclude(&answering(&[reworded]), minute(2)).await;
    let same = town.gap(first.id).await.unwrap();
    assert_eq!(same.title, "Connexion directe de root");
    assert_eq!(same.changed_at, minute(1));

    let proof = Proof {
        fact: "ssh.root_login".to_owned(),
        statement: "SSH : connexion directe de root — oui".to_owned(),
        source: "/etc/ssh/sshd_config".to_owned(),
        observed_at: Some(minute(2)),
        files: vec![],
    };
    let proven = GapAnswer {
        proof: vec![proof.clone()],
        ..shortfall.clone()
    };
    world.conclude(&answering(&[proven]), minute(3)).await;
    let changed = town.gap(first.id).await.unwrap();
    assert_eq!(
        (changed.first_seen_at, changed.changed_at),
        (minute(1), minute(3))
    );
    assert_eq!(changed.proof, [proof]);

    let compliant = answer("ssh", Some(machine), GapOutcome::Compliant);
    world.conclude(&answering(&[compliant]), minute(4)).await;
    assert_eq!(town.gap(first.id).await.unwrap().changed_at, minute(4));
    let shortfalls = town.gaps(Some(GapOutcome::Shortfall)).await.unwrap();
    assert!(shortfalls.is_empty());
}

async fn a_gap_of_the_organisation_is_one(world: World) {
    let machine = world.agent("accueil").await.machine;
    let answers = [
        answer("dpo", Some(machine), GapOutcome::Unknown),
        answer("dpo", None, GapOutcome::Unknown),
    ];
    for n in 1..=2 {
        world.conclude(&answering(&answers), minute(n)).await;
    }
    let gaps = world.town().gaps(None).await.unwrap();
    let about: Vec<_> = gaps.iter().map(|gap| gap.machine).collect();
    assert_eq!(about, [None, Some(machine)]);
}

async fn a_gap_no_longer_answered_is_forgotten(world: World) {
    let gone = answer("ssh", None, GapOutcome::Unknown);
    world.conclude(&answering(&[gone]), minute(1)).await;
    world.conclude(&answering(&[]), minute(2)).await;
    assert!(world.town().gaps(None).await.unwrap().is_empty());
}

async fn the_census_is_replaced_whole(world: World) {
    let machine = world.agent("accueil").await.machine;
    let entry = |name: &str| CensusEntry {
        name: name.to_owned(),
        publisher: "Éditeur".to_owned(),
        rule: Some("e-magnus".to_owned()),
        family: "municipal".to_owned(),
        versions: BTreeMap::from([("8.2".to_owned(), vec![machine])]),
    };
    for census in [vec![entry("z"), entry("a")], vec![entry("b")]] {
        let conclusions = Conclusions {
            census: census.clone(),
            ..Conclusions::default()
        };
        world.conclude(&conclusions, minute(1)).await;
        assert_eq!(world.town().census().await.unwrap(), census);
    }
}

async fn assert_stale(world: &World, stale: bool) {
    let towns = world.store.stale_organisations().await.unwrap();
    assert_eq!(towns.contains(&world.town.id), stale);
    assert!(!towns.contains(&world.other_town.id));
}

fn proposing(rules: &[&str]) -> Conclusions {
    saying(
        rules
            .iter()
            .map(|rule| suggestion(rule, "preuve"))
            .collect(),
    )
}

fn saying(proposals: Vec<SuggestedActivity>) -> Conclusions {
    Conclusions {
        rules_version: "2026.3".to_owned(),
        proposals,
        ..Conclusions::default()
    }
}

fn answering(gaps: &[GapAnswer]) -> Conclusions {
    Conclusions {
        rules_version: "2026.3".to_owned(),
        gaps: gaps.to_vec(),
        ..Conclusions::default()
    }
}
