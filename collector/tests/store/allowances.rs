//! Exceptions: added, ended, resumed; what they hide is counted, and never in the way of who reviews.

use beffroi_collector::{
    model::{
        Actor, AllowanceId, AllowedSubject, FileFilter, FileState, Hidden, HiddenFilter,
        NewAllowance,
    },
    store::StoreError,
};

use crate::world::{PAGE, World, actor, file, minute, on_both_engines, pass};

on_both_engines! {
    an_exception_is_added_ended_and_resumed_in_the_journal,
    each_change_makes_agents_come_for_their_policy,
    a_policy_keeps_its_words_when_exceptions_change,
    an_exception_holds_until_its_end,
    what_is_hidden_is_counted_by_exception,
    a_file_of_which_everything_is_hidden_is_out_of_the_way,
    a_later_report_replaces_what_was_hidden,
}

fn domain() -> NewAllowance {
    NewAllowance {
        subject: AllowedSubject::EmailDomain {
            domain: "bourg-la-foret.fr".to_owned(),
        },
        path: String::new(),
        reason: "adresses de service".to_owned(),
        ends_at: Some(minute(600)),
    }
}

async fn allowed(world: &World) -> AllowanceId {
    let allowance = world
        .town()
        .allow(domain(), actor(&world.dpo), minute(2))
        .await;
    allowance.unwrap().id
}

/// The file, with so many values hidden.
fn hiding(mut state: FileState, allowance: AllowanceId, count: u64) -> FileState {
    state.hidden.push(Hidden {
        kind: "email".to_owned(),
        allowance,
        count,
    });
    state
}

/// A file in which nothing but hidden values was found.
fn hidden_only(path: &str, allowance: AllowanceId, count: u64) -> FileState {
    let mut state = hiding(file(path, 0), allowance, count);
    state.tallies.clear();
    state
}

async fn an_exception_is_added_ended_and_resumed_in_the_journal(world: World) {
    let id = allowed(&world).await;
    let town = world.town();
    let dpo = || actor(&world.dpo);
    assert!(matches!(
        town.resume_allowance(id, dpo(), minute(3)).await,
        Err(StoreError::Conflict(_))
    ));
    town.end_allowance(id, dpo(), minute(3)).await.unwrap();
    assert!(matches!(
        town.end_allowance(id, dpo(), minute(4)).await,
        Err(StoreError::Conflict(_))
    ));
    assert_eq!(
        town.allowances().await.unwrap()[0].ended_at,
        Some(minute(3))
    );
    town.resume_allowance(id, Actor::Operator, minute(5))
        .await
        .unwrap();

    let allowances = town.allowances().await.unwrap();
    let [allowance] = allowances.as_slice() else {
        panic!("{allowances:?}")
    };
    assert_eq!(allowance.by_name, "Claire Martin");
    assert_eq!(allowance.ended_at, None);
    let journal = town.journal(PAGE).await.unwrap().items;
    let told: Vec<_> = journal
        .iter()
        .map(|entry| (entry.action.as_str(), entry.object.as_str()))
        .collect();
    let id = id.to_string();
    assert_eq!(
        told,
        [
            ("allowance.resumed", id.as_str()),
            ("allowance.ended", id.as_str()),
            ("allowance.added", id.as_str()),
        ]
    );
    assert!(journal[2].detail.contains("adresses de service"));
}

async fn each_change_makes_agents_come_for_their_policy(world: World) {
    let town = world.town();
    let version = async || town.policy().await.unwrap().version;
    assert_eq!(version().await, 0);
    let id = allowed(&world).await;
    assert_eq!(version().await, 1);
    town.end_allowance(id, Actor::Operator, minute(3))
        .await
        .unwrap();
    assert_eq!(version().await, 2);
    town.resume_allowance(id, Actor::Operator, minute(4))
        .await
        .unwrap();
    assert_eq!(version().await, 3);
}

async fn a_policy_keeps_its_words_when_exceptions_change(world: World) {
    let policy = beffroi_collector::model::Policy {
        roots: vec!["/srv".to_owned()],
        ..Default::default()
    };
    let town = world.town();
    let set = town.set_policy(policy, Actor::Operator, minute(1)).await;
    allowed(&world).await;
    let renewed = town.policy().await.unwrap();
    assert_eq!(renewed.version, 2);
    assert_eq!(renewed.roots, set.unwrap().roots);
}

async fn an_exception_holds_until_its_end(world: World) {
    allowed(&world).await;
    let allowance = world.town().allowances().await.unwrap().remove(0);
    assert!(allowance.is_in_force(minute(599)));
    assert!(!allowance.is_in_force(minute(600)));
}

async fn what_is_hidden_is_counted_by_exception(world: World) {
    let id = allowed(&world).await;
    let mut agent = world.agent("accueil").await;
    let files = [
        hiding(file("/srv/a", 2), id, 3),
        hidden_only("/srv/b", id, 4),
    ];
    agent.send(&world, &pass(1, &files), minute(5)).await;

    let totals = world.town().hidden_totals().await.unwrap();
    let [total] = totals.as_slice() else {
        panic!("{totals:?}")
    };
    assert_eq!((total.allowance, total.files, total.values), (id, 2, 7));
    let overview = world.town().overview().await.unwrap();
    assert_eq!((overview.hidden_files, overview.hidden_values), (2, 7));
    assert_eq!(world.file("/srv/a").await.state.hidden[0].count, 3);

    agent.send(&world, &pass(2, &[]), minute(6)).await;
    assert_eq!(world.town().hidden_totals().await.unwrap(), []);
}

async fn a_file_of_which_everything_is_hidden_is_out_of_the_way(world: World) {
    let id = allowed(&world).await;
    let mut agent = world.agent("accueil").await;
    let files = [
        hiding(file("/srv/a", 2), id, 3),
        hidden_only("/srv/b", id, 4),
    ];
    agent.send(&world, &pass(1, &files), minute(5)).await;

    assert_eq!(world.paths().await, ["/srv/a"]);
    let (snapshot, _) = world.town().snapshot().await.unwrap();
    assert_eq!(snapshot.files.len(), 1);
    let hidden = FileFilter {
        hidden: HiddenFilter::By(id),
        ..FileFilter::default()
    };
    assert_eq!(world.search(hidden).await, ["/srv/a", "/srv/b"]);
    let another = FileFilter {
        hidden: HiddenFilter::By(AllowanceId::generate()),
        ..FileFilter::default()
    };
    assert!(world.search(another).await.is_empty());
}

async fn a_later_report_replaces_what_was_hidden(world: World) {
    let id = allowed(&world).await;
    let mut agent = world.agent("accueil").await;
    let first = hiding(file("/srv/a", 2), id, 3);
    agent.send(&world, &pass(1, &[first]), minute(5)).await;
    agent
        .send(&world, &pass(2, &[file("/srv/a", 5)]), minute(6))
        .await;
    assert_eq!(world.file("/srv/a").await.state.hidden, []);
}
