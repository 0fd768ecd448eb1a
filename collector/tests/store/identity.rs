//! Which machine is which: marks, copies of a disk, machines installed anew.

use beffroi_collector::{
    marks::{self, Known, Reason, may_be_one_machine},
    model::{
        Change, DecisionKind, FileFilter, MachineId, Mark, OrganisationKind, Pair, Position,
        SpoolId,
    },
    store::{DetachError, DetachLimit, Detaching, OrganisationStore, StoreError},
};
use jiff::Timestamp;

use crate::world::{
    Agent, PAGE, World, at, file, hash_of, minute, new_token, newcomer, on_both_engines, pass,
};

on_both_engines! {
    a_machine_is_known_by_its_first_marks_and_may_be_repaired,
    of_two_machines_that_come_first_one_is,
    a_copy_becomes_a_machine_of_its_own,
    copies_are_bounded,
    a_copy_of_a_copy_does_not_go_on_for_ever,
    a_refused_copy_may_be_admitted_again,
    a_merged_machine_counts_no_more_and_its_decisions_go_on,
    a_merge_is_undone_whole,
    merges_that_make_no_sense_are_refused,
    machines_told_apart_are_not_proposed,
    the_same_name_in_three_hundred_towns_is_three_hundred_machines,
    a_spool_remembers_what_its_last_batch_was,
}

const LIMIT: DetachLimit = DetachLimit {
    most: 10,
    since: Timestamp::UNIX_EPOCH,
};

fn mark(kind: &str, value: &str) -> Mark {
    Mark {
        kind: kind.to_owned(),
        fingerprint: hash_of(value).to_vec(),
    }
}

/// A machine of this serial number, with this installation.
fn hardware(serial: &str, installation: &str) -> Vec<Mark> {
    vec![
        mark("system", serial),
        mark("serial", serial),
        mark("disk", serial),
        mark("installation", installation),
    ]
}

async fn bind(town: OrganisationStore<'_>, machine: MachineId, shown: &[Mark]) -> bool {
    town.bind_marks(machine, shown, may_be_one_machine)
        .await
        .unwrap()
}

async fn known(town: OrganisationStore<'_>) -> Known {
    Known {
        machines: town.machines().await.unwrap(),
        marks: town.marks().await.unwrap(),
        detachments: town.detachments().await.unwrap(),
        merges: town.merges().await.unwrap(),
        distinctions: town.distinctions().await.unwrap(),
    }
}

async fn detach(
    world: &World,
    origin: MachineId,
    key: &str,
    now: i64,
) -> Result<MachineId, DetachError> {
    let detaching = Detaching {
        public_key_hash: hash_of(key),
        host_name: "PC-COPIE",
        agent_version: "0.1.0",
    };
    world
        .town()
        .detach(origin, detaching, LIMIT, minute(now))
        .await
}

async fn a_machine_is_known_by_its_first_marks_and_may_be_repaired(world: World) {
    let machine = world.agent("accueil").await.machine;
    let town = world.town();
    let ours = hardware("5CG", "guid");
    assert!(bind(town, machine, &ours).await);
    assert!(bind(town, machine, &ours).await);
    // Two repairs, one after the other, add up to another machine; each by itself does not.
    let mut repaired = ours.clone();
    repaired[2] = mark("disk", "new");
    assert!(bind(town, machine, &repaired).await);
    repaired[1] = mark("serial", "new");
    assert!(!bind(town, machine, &hardware("other", "guid")).await);
    assert!(bind(town, machine, &repaired).await);
    // Other rights, for a day: nothing is forgotten.
    assert!(bind(town, machine, &[]).await);
    let marks = town.marks().await.unwrap();
    assert_eq!(marks.len(), 4);
    assert!(marks.contains(&(machine, mark("disk", "new"))));
}

async fn of_two_machines_that_come_first_one_is(world: World) {
    let machine = world.agent("accueil").await.machine;
    let town = world.town();
    let (one, other) = (hardware("5CG", "guid"), hardware("8XY", "guid"));
    let (one, other) = tokio::join!(bind(town, machine, &one), bind(town, machine, &other));
    assert_ne!(one, other);
}

async fn a_copy_becomes_a_machine_of_its_own(world: World) {
    let origin = world.agent("accueil").await.machine;
    let copy = detach(&world, origin, "key", 5).await.unwrap();
    assert_ne!(copy, origin);
    // Its first answer was lost.
    assert_eq!(detach(&world, origin, "key", 6).await.unwrap(), copy);
    assert_ne!(detach(&world, origin, "other key", 7).await.unwrap(), copy);

    let town = world.town();
    let machine = town.machine(copy).await.unwrap();
    assert_eq!(machine.host_name, "PC-COPIE");
    assert_eq!(machine.tag.as_deref(), Some("mairie"));
    assert!(town.agent_is_active(copy).await.unwrap());
    let detachments = town.detachments().await.unwrap();
    assert_eq!(detachments.len(), 2);
    assert_eq!(
        (detachments[1].machine, detachments[1].origin),
        (copy, origin)
    );
    for machine in [copy, origin] {
        let history = town.machine_history(machine).await.unwrap();
        assert!(history.iter().any(|entry| entry.action == "agent.detached"));
    }
    let nowhere = detach(&world, MachineId::generate(), "key", 8).await;
    assert!(matches!(
        nowhere,
        Err(DetachError::Store(StoreError::NotFound))
    ));
}

async fn copies_are_bounded(world: World) {
    let origin = world.agent("accueil").await.machine;
    let keys: Vec<String> = (0..12).map(|n| format!("key {n}")).collect();
    for (n, key) in keys.iter().enumerate() {
        let copy = detach(&world, origin, key, 5).await;
        assert_eq!(copy.is_ok(), n < 10, "{n}");
    }
    // A month later there is room again.
    let detaching = Detaching {
        public_key_hash: hash_of("later"),
        host_name: "PC-COPIE",
        agent_version: "0.1.0",
    };
    let limit = DetachLimit {
        since: minute(5),
        ..LIMIT
    };
    let town = world.town();
    town.detach(origin, detaching, limit, minute(9))
        .await
        .unwrap();
    assert_eq!(town.machines().await.unwrap().len(), 12);
}

async fn a_copy_of_a_copy_does_not_go_on_for_ever(world: World) {
    let mut machine = world.agent("accueil").await.machine;
    for _ in 0..4 {
        machine = detach(&world, machine, "key", 5).await.unwrap();
    }
    let fifth = detach(&world, machine, "key", 5).await;
    assert!(matches!(fifth, Err(DetachError::TooMany)));
}

async fn a_refused_copy_may_be_admitted_again(world: World) {
    let origin = world.agent("accueil").await.machine;
    let copy = detach(&world, origin, "key", 5).await.unwrap();
    let (town, dpo) = (world.town(), &world.dpo);
    town.refuse_copy(copy, dpo, minute(6)).await.unwrap();
    assert!(!town.agent_is_active(copy).await.unwrap());
    assert!(town.agent_is_active(origin).await.unwrap());
    let twice = town.refuse_copy(copy, dpo, minute(7)).await;
    assert!(matches!(twice, Err(StoreError::Conflict(_))));
    town.readmit_copy(copy, dpo, minute(8)).await.unwrap();
    assert!(town.agent_is_active(copy).await.unwrap());
    let history = town.machine_history(copy).await.unwrap();
    let actions: Vec<_> = history.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["agent.readmitted", "agent.refused", "agent.detached"]
    );
    // What is no copy is not refused so.
    let original = town.refuse_copy(origin, dpo, minute(9)).await;
    assert!(matches!(original, Err(StoreError::NotFound)));
}

const KEPT: &str = "/srv/rh/paie.csv";
const LATER: &str = "/srv/rh/conges.csv";
const LOST: &str = "/srv/tmp/a.csv";

/// An old machine with three files, two of them decided; a new one on the same hardware that has found one of them yet.
async fn installed_anew(world: &World) -> (Agent, Agent) {
    let mut older = world.agent("PC-ACCUEIL").await;
    let mut newer = world.agent("DESKTOP-7F3K").await;
    let files = [KEPT, LATER, LOST].map(|path| file(path, 3));
    older.send(world, &pass(1, &files), minute(2)).await;
    for path in [KEPT, LATER] {
        let id = of(world, older.machine, path).await.unwrap().id;
        world.decide(id, DecisionKind::ToSecure, minute(3)).await;
    }
    newer
        .send(world, &pass(1, &[file(KEPT, 3)]), minute(5))
        .await;
    let town = world.town();
    assert!(bind(town, older.machine, &hardware("5CG", "before")).await);
    assert!(bind(town, newer.machine, &hardware("5CG", "after")).await);
    (older, newer)
}

fn pair(older: &Agent, newer: &Agent) -> Pair {
    Pair {
        older: older.machine,
        newer: newer.machine,
    }
}

/// The file of this path on this machine, gone or not.
async fn of(
    world: &World,
    machine: MachineId,
    path: &str,
) -> Option<beffroi_collector::model::File> {
    let filter = FileFilter {
        machine: Some(machine),
        include_gone: true,
        ..FileFilter::default()
    };
    let files = world.town().files(&filter, PAGE).await.unwrap();
    files.items.into_iter().find(|file| file.state.path == path)
}

async fn a_merged_machine_counts_no_more_and_its_decisions_go_on(world: World) {
    let (older, mut newer) = installed_anew(&world).await;
    let town = world.town();
    let proposed = marks::proposals(&known(town).await);
    assert_eq!(proposed.len(), 1);
    assert_eq!(proposed[0].pair, pair(&older, &newer));
    let Reason::SameHardware(likeness) = proposed[0].reason else {
        panic!("{proposed:?}")
    };
    assert_eq!((likeness.alike, likeness.compared), (3, 3));

    town.merge(proposed[0].pair, &world.dpo, minute(6))
        .await
        .unwrap();

    assert!(marks::proposals(&known(town).await).is_empty());
    assert!(!town.agent_is_active(older.machine).await.unwrap());
    assert!(town.agent_is_active(newer.machine).await.unwrap());
    assert_eq!(world.paths().await, [KEPT], "each file once");
    let carried = of(&world, newer.machine, KEPT).await.unwrap();
    let decision = carried.decision.unwrap();
    assert_eq!(decision.kind, DecisionKind::ToSecure);
    assert_eq!(decision.by_name, world.dpo.name);
    assert_eq!(decision.at, minute(3));
    // A file that is restored later is decided already; one whose decision was undone stays so.
    town.undo_decision(carried.id, &world.dpo, minute(7))
        .await
        .unwrap();
    let files = [KEPT, LATER].map(|path| file(path, 3));
    newer.send(&world, &pass(2, &files), minute(8)).await;
    let later = of(&world, newer.machine, LATER).await.unwrap();
    assert_eq!(later.decision.unwrap().at, minute(3));
    let kept = of(&world, newer.machine, KEPT).await.unwrap();
    assert!(kept.decision.is_none());
    // Nothing of the history is lost.
    let history = town.machine_history(older.machine).await.unwrap();
    assert_eq!(history[0].action, "machine.merged");
    assert!(history.iter().any(|entry| entry.action == "agent.enrolled"));
    assert!(
        of(&world, older.machine, LOST)
            .await
            .unwrap()
            .gone_at
            .is_some()
    );
}

async fn a_merge_is_undone_whole(world: World) {
    let (mut older, mut newer) = installed_anew(&world).await;
    // Gone before the merge: the undoing does not bring it back.
    let files = [KEPT, LATER].map(|path| file(path, 3));
    older.send(&world, &pass(2, &files), minute(4)).await;
    let town = world.town();
    let merged = pair(&older, &newer);
    let before = known(town).await;
    let files_before = town.files(&FileFilter::default(), PAGE).await.unwrap();
    town.merge(merged, &world.dpo, minute(6)).await.unwrap();
    assert_ne!(
        town.files(&FileFilter::default(), PAGE).await.unwrap(),
        files_before
    );

    town.undo_merge(older.machine, &world.dpo, minute(7))
        .await
        .unwrap();

    let after = known(town).await;
    assert_eq!(after.machines, before.machines);
    assert_eq!(after.merges, []);
    assert_eq!(
        town.files(&FileFilter::default(), PAGE).await.unwrap(),
        files_before
    );
    assert!(
        of(&world, older.machine, LOST)
            .await
            .unwrap()
            .gone_at
            .is_some()
    );
    assert_eq!(marks::proposals(&after).len(), 1, "it may be merged again");
    let twice = town.undo_merge(older.machine, &world.dpo, minute(8)).await;
    assert!(matches!(twice, Err(StoreError::Conflict(_))));
    // Decisions that a person took since are theirs.
    town.merge(merged, &world.dpo, minute(9)).await.unwrap();
    newer.send(&world, &pass(3, &files), minute(10)).await;
    let kept = of(&world, newer.machine, KEPT).await.unwrap();
    world
        .decide(kept.id, DecisionKind::FalseAlarm, minute(11))
        .await;
    town.undo_merge(older.machine, &world.dpo, minute(12))
        .await
        .unwrap();
    let kept = of(&world, newer.machine, KEPT).await.unwrap();
    assert_eq!(kept.decision.unwrap().kind, DecisionKind::FalseAlarm);
    let later = of(&world, newer.machine, LATER).await.unwrap();
    assert!(later.decision.is_none());
    let theirs = of(&world, older.machine, KEPT).await.unwrap();
    assert_eq!(theirs.decision.unwrap().kind, DecisionKind::ToSecure);
}

async fn merges_that_make_no_sense_are_refused(world: World) {
    let (older, newer) = installed_anew(&world).await;
    let (town, dpo) = (world.town(), &world.dpo);
    let merged = pair(&older, &newer);
    let third = world.agent("third").await;
    town.merge(merged, dpo, minute(6)).await.unwrap();
    for wrong in [
        merged,
        pair(&newer, &older),
        pair(&third, &older),
        pair(&older, &third),
    ] {
        let answer = town.merge(wrong, dpo, minute(7)).await;
        assert!(matches!(answer, Err(StoreError::Conflict(_))), "{wrong:?}");
    }
    let itself = town.merge(pair(&third, &third), dpo, minute(7)).await;
    assert!(matches!(itself, Err(StoreError::NotFound)));
    // Installed once more.
    town.merge(pair(&newer, &third), dpo, minute(8))
        .await
        .unwrap();
    assert_eq!(town.merges().await.unwrap().len(), 2);
}

async fn machines_told_apart_are_not_proposed(world: World) {
    let (older, newer) = installed_anew(&world).await;
    let (town, dpo) = (world.town(), &world.dpo);
    let two = pair(&older, &newer);
    town.distinguish(two, dpo, minute(6)).await.unwrap();
    assert!(marks::proposals(&known(town).await).is_empty());
    assert_eq!(town.distinctions().await.unwrap()[0].pair, two);
    let twice = town.distinguish(two, dpo, minute(7)).await;
    assert!(matches!(twice, Err(StoreError::Conflict(_))));
    town.undo_distinction(two, dpo, minute(8)).await.unwrap();
    assert_eq!(marks::proposals(&known(town).await).len(), 1);
    let history = town.machine_history(newer.machine).await.unwrap();
    assert_eq!(history[0].action, "machine.distinction_undone");
}

async fn the_same_name_in_three_hundred_towns_is_three_hundred_machines(world: World) {
    let mut towns = Vec::new();
    for n in 0..300 {
        let name = format!("Commune n° {n}");
        let kind = OrganisationKind::Commune;
        let town = world
            .store
            .create_organisation(&name, kind, [7; 32], minute(0))
            .await
            .unwrap();
        // All use the same words for the same things, the same disk image, and the same hour.
        let secret = hash_of(&name);
        let of_town = world.store.of(town.id);
        of_town
            .create_token(new_token(secret), minute(0))
            .await
            .unwrap();
        let machine = world
            .store
            .redeem_token(secret, newcomer([9; 32], "PC-ACCUEIL"), minute(n % 60))
            .await
            .unwrap()
            .machine;
        let spool = SpoolId(uuid());
        let changes = pass(1, &[file(KEPT, 3 + u64::try_from(n).unwrap())]);
        of_town
            .apply_batch(machine, spool, at(1), &changes, minute(n))
            .await
            .unwrap();
        assert!(bind(of_town, machine, &hardware("5CG", "guid")).await);
        towns.push((town.id, machine, n));
    }
    for (town, machine, n) in towns {
        let of_town = world.store.of(town);
        let known = known(of_town).await;
        assert_eq!(known.machines.len(), 1);
        assert_eq!((known.machines[0].id, known.marks.len()), (machine, 4));
        assert!(marks::proposals(&known).is_empty());
        let files = of_town.files(&FileFilter::default(), PAGE).await.unwrap();
        assert_eq!(files.total, 1);
        let count = 3 + u64::try_from(n).unwrap();
        assert_eq!(files.items[0].state.tallies[0].count, count);
    }
}

/// The same in every town.
fn uuid() -> uuid::Uuid {
    uuid::Uuid::from_bytes([5; 16])
}

async fn a_spool_remembers_what_its_last_batch_was(world: World) {
    let mut agent = world.agent("accueil").await;
    let town = world.town();
    for sequence in 1..=2 {
        agent
            .send(&world, &[Change::Facts(vec![])], minute(1))
            .await;
        let last = town.last_position(agent.machine, agent.spool).await;
        assert_eq!(last.unwrap(), at(sequence));
    }
    let none = town.last_position(agent.machine, SpoolId::generate()).await;
    assert_eq!(none.unwrap(), Position::default());
}
