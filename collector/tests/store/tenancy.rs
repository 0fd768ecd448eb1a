//! A second town sees nothing of the first, through any method, with any id.

use beffroi_collector::{
    model::{
        ActivityId, Actor, AllowanceId, AllowedSubject, Change, Conclusions, DecisionKind,
        FileFilter, FileId, GapId, GapOutcome, Hidden, MachineId, Mark, NewAllowance, Pair, Policy,
        ProposalId, Ring, SpoolId, Upgrade, UpgradeState,
    },
    store::{DetachError, DetachLimit, Detaching, StoreError},
};

use crate::world::{
    Agent, PAGE, World, answer, at, fact, file, minute, on_both_engines, pass, software, suggestion,
};

on_both_engines! {
    lists_of_another_town_are_empty,
    ids_of_another_town_are_not_found,
    a_filter_on_a_machine_of_another_town_finds_nothing,
    conclusions_about_a_machine_of_another_town_are_refused,
}

async fn lists_of_another_town_are_empty(world: World) {
    let _ids = full_town(&world).await;
    let other = world.other_town();
    assert_eq!(other.tokens().await.unwrap(), []);
    assert_eq!(other.policy().await.unwrap(), Policy::default());
    assert_eq!(other.allowances().await.unwrap(), []);
    assert_eq!(other.hidden_totals().await.unwrap(), []);
    assert_eq!(other.update_offer().await.unwrap(), None);
    assert_eq!(other.upgrades("0.2.0").await.unwrap(), []);
    assert_eq!(other.machines().await.unwrap(), []);
    assert_eq!(other.all_passes().await.unwrap(), []);
    assert_eq!(other.marks().await.unwrap(), []);
    assert_eq!(other.detachments().await.unwrap(), []);
    assert_eq!(other.merges().await.unwrap(), []);
    assert_eq!(other.distinctions().await.unwrap(), []);
    let all = FileFilter {
        include_gone: true,
        ..FileFilter::default()
    };
    assert_eq!(other.files(&all, PAGE).await.unwrap().total, 0);
    assert_eq!(other.roots().await.unwrap(), []);
    assert!(other.kinds_present().await.unwrap().is_empty());
    assert_eq!(other.census().await.unwrap(), []);
    assert_eq!(other.gaps(None).await.unwrap(), []);
    assert_eq!(other.proposals(None).await.unwrap(), []);
    assert_eq!(other.activities().await.unwrap(), []);
    assert_eq!(other.journal(PAGE).await.unwrap().total, 0);
    assert_eq!(other.overview().await.unwrap(), Default::default());
    let (snapshot, _) = other.snapshot().await.unwrap();
    assert!(snapshot.machines.is_empty() && snapshot.files.is_empty());
    assert!(snapshot.facts.is_empty() && snapshot.installations.is_empty());
}

async fn ids_of_another_town_are_not_found(world: World) {
    let ids = full_town(&world).await;
    let before = everything(&world).await;
    let other = world.other_town();
    let dpo = &world.dpo;
    let now = minute(50);
    let machine = ids.agent.machine;
    let spool = ids.agent.spool;

    assert!(!other.agent_is_active(machine).await.unwrap());
    let theirs = world.agent_elsewhere("autre").await;
    let across = |older: MachineId, newer: MachineId| Pair { older, newer };
    macro_rules! assert_not_found {
        ($($call:expr),+ $(,)?) => {$(
            let answer = $call.await;
            assert!(matches!(answer, Err(StoreError::NotFound)), "{}", stringify!($call));
        )+};
    }
    assert_not_found!(
        other.machine_seen(machine, "0", "0", 0, now),
        other.revoke_machine(machine, Actor::Operator, now),
        other.stop_update(Actor::Operator, now),
        other.note_upgrade(&upgrade(machine)),
        other.last_position(machine, spool),
        other.apply_batch(machine, spool, at(99), &pass(9, &[]), now),
        other.apply_batch(machine, SpoolId::generate(), at(1), &[], now),
        other.machine(machine),
        other.bind_marks(machine, &[], |_, _| true),
        other.refuse_copy(ids.copy, dpo, now),
        other.readmit_copy(ids.copy, dpo, now),
        other.merge(across(machine, ids.copy), dpo, now),
        other.merge(across(machine, theirs), dpo, now),
        other.merge(across(theirs, machine), dpo, now),
        other.undo_merge(ids.merged, dpo, now),
        other.distinguish(across(machine, ids.copy), dpo, now),
        other.distinguish(across(theirs, machine), dpo, now),
        other.undo_distinction(ids.apart, dpo, now),
        other.installations(machine),
        other.unread_sources(machine),
        other.facts(machine),
        other.passes(machine),
        other.file(ids.file),
        other.file_history(ids.file),
        other.decide(ids.file, DecisionKind::FalseAlarm, "", dpo, now),
        other.undo_decision(ids.file, dpo, now),
        other.end_allowance(ids.allowance, Actor::Operator, now),
        other.resume_allowance(ids.allowance, Actor::Operator, now),
        other.gap(ids.gap),
        other.proposal(ids.open),
        other.accept_proposal(ids.open, vec![], dpo, now),
        other.refuse_proposal(ids.open, "non", dpo, now),
        other.reopen_proposal(ids.accepted, dpo, now),
        other.activity(ids.activity),
        other.amend_activity(ids.activity, vec![], dpo, now),
        other.archive_activity(ids.activity, dpo, now),
        other.restore_activity(ids.activity, dpo, now),
    );
    let detaching = Detaching {
        public_key_hash: [3; 32],
        host_name: "copie",
        agent_version: "0",
    };
    let limit = DetachLimit {
        most: 9,
        since: minute(0),
    };
    let copy = other.detach(machine, detaching, limit, now).await;
    assert!(matches!(
        copy,
        Err(DetachError::Store(StoreError::NotFound))
    ));
    // Conclusions of one town do not reach the other's.
    let (_, mark) = other.snapshot().await.unwrap();
    other
        .save_conclusions(&Conclusions::default(), mark, now)
        .await
        .unwrap();

    assert_eq!(everything(&world).await, before);
}

async fn a_filter_on_a_machine_of_another_town_finds_nothing(world: World) {
    let ids = full_town(&world).await;
    let filter = FileFilter {
        machine: Some(ids.agent.machine),
        kind: Some("nir".to_owned()),
        ..FileFilter::default()
    };
    let page = world.other_town().files(&filter, PAGE).await.unwrap();
    assert_eq!((page.total, page.items), (0, vec![]));
}

async fn conclusions_about_a_machine_of_another_town_are_refused(world: World) {
    let ids = full_town(&world).await;
    let other = world.other_town();
    let conclusions = Conclusions {
        gaps: vec![answer(
            "ssh",
            Some(ids.agent.machine),
            GapOutcome::Shortfall,
        )],
        ..Conclusions::default()
    };
    let (_, mark) = other.snapshot().await.unwrap();
    assert!(
        other
            .save_conclusions(&conclusions, mark, minute(50))
            .await
            .is_err()
    );
    assert_eq!(other.gaps(None).await.unwrap(), []);
}

struct Ids {
    agent: Agent,
    file: FileId,
    allowance: AllowanceId,
    gap: GapId,
    open: ProposalId,
    accepted: ProposalId,
    activity: ActivityId,
    /// Of the first machine.
    copy: MachineId,
    /// Into the first machine.
    merged: MachineId,
    apart: Pair,
}

/// A town with at least one of everything.
async fn full_town(world: &World) -> Ids {
    let mut agent = world.agent("accueil").await;
    let allowance = NewAllowance {
        subject: AllowedSubject::Kind {
            kind: "phone".to_owned(),
        },
        path: "**/annuaire/**".to_owned(),
        reason: "annuaire public".to_owned(),
        ends_at: None,
    };
    let allowance = world
        .town()
        .allow(allowance, Actor::Operator, minute(1))
        .await
        .unwrap()
        .id;
    let mut reported = file("/srv/a.csv", 3);
    reported.hidden.push(Hidden {
        kind: "phone".to_owned(),
        allowance,
        count: 2,
    });
    let mut changes = pass(1, &[reported]);
    changes.push(Change::Facts(vec![fact("ssh.root_login", true)]));
    changes.push(Change::Installations {
        installations: vec![software("vlc")],
        unread_sources: vec!["flatpak".to_owned()],
    });
    agent.send(world, &changes, minute(2)).await;
    let file = world.file("/srv/a.csv").await.id;
    world.decide(file, DecisionKind::Confirmed, minute(3)).await;
    let town = world.town();
    town.set_policy(Policy::default(), Actor::Operator, minute(3))
        .await
        .unwrap();
    let rings = vec![Ring::Percent(100)];
    town.offer_update("0.2.0", rings, Actor::Operator, minute(3))
        .await
        .unwrap();
    town.note_upgrade(&upgrade(agent.machine)).await.unwrap();
    let conclusions = Conclusions {
        rules_version: "2026.3".to_owned(),
        proposals: vec![
            suggestion("paie", "preuve"),
            suggestion("cantine", "preuve"),
        ],
        gaps: vec![answer("ssh", Some(agent.machine), GapOutcome::Shortfall)],
        census: vec![beffroi_collector::model::CensusEntry {
            name: "vlc".to_owned(),
            publisher: String::new(),
            rule: None,
            family: String::new(),
            versions: Default::default(),
        }],
    };
    world.conclude(&conclusions, minute(4)).await;
    let proposals = town.proposals(None).await.unwrap();
    let accepted = proposals[0].id;
    let activity = town
        .accept_proposal(accepted, vec![], &world.dpo, minute(5))
        .await
        .unwrap();
    let mark = Mark {
        kind: "serial".to_owned(),
        fingerprint: vec![4; 32],
    };
    town.bind_marks(agent.machine, &[mark], |_, _| true)
        .await
        .unwrap();
    let detaching = Detaching {
        public_key_hash: [3; 32],
        host_name: "copie",
        agent_version: "0.1.0",
    };
    let limit = DetachLimit {
        most: 9,
        since: minute(0),
    };
    let copy = town
        .detach(agent.machine, detaching, limit, minute(6))
        .await
        .unwrap();
    let apart = Pair {
        older: agent.machine,
        newer: copy,
    };
    town.distinguish(apart, &world.dpo, minute(7))
        .await
        .unwrap();
    let merged = world.agent("ancien").await.machine;
    let merge = Pair {
        older: merged,
        newer: agent.machine,
    };
    town.merge(merge, &world.dpo, minute(8)).await.unwrap();
    Ids {
        copy,
        merged,
        apart,
        agent,
        file,
        allowance,
        gap: town.gaps(None).await.unwrap()[0].id,
        open: proposals[1].id,
        accepted,
        activity: activity.id,
    }
}

fn upgrade(machine: MachineId) -> Upgrade {
    Upgrade {
        machine,
        version: "0.2.0".to_owned(),
        state: UpgradeState::Runs,
        reason: String::new(),
        at: minute(4),
    }
}

/// All that the first town can be asked, as text, to be compared.
async fn everything(world: &World) -> String {
    let town = world.town();
    let (snapshot, mark) = town.snapshot().await.unwrap();
    format!(
        "{snapshot:?} {mark:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        town.update_offer().await.unwrap(),
        town.upgrades("0.2.0").await.unwrap(),
        town.tokens().await.unwrap(),
        town.policy().await.unwrap(),
        town.allowances().await.unwrap(),
        town.hidden_totals().await.unwrap(),
        town.all_passes().await.unwrap(),
        town.census().await.unwrap(),
        town.gaps(None).await.unwrap(),
        town.proposals(None).await.unwrap(),
        town.activities().await.unwrap(),
        town.journal(PAGE).await.unwrap(),
        town.overview().await.unwrap(),
    ) + &format!(
        "{:?} {:?} {:?} {:?}",
        town.marks().await.unwrap(),
        town.detachments().await.unwrap(),
        town.merges().await.unwrap(),
        town.distinctions().await.unwrap(),
    )
}
