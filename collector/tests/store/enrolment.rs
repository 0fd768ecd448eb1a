//! Tokens, and the machines that they make.

use beffroi_collector::{
    model::{Actor, MachineId, Policy, Redemption},
    store::{NewToken, Newcomer, RedeemError, Redeemed, StoreError},
};
use jiff::Timestamp;

use crate::world::{PAGE, World, actor, hash_of, minute, new_token, newcomer, on_both_engines};

on_both_engines! {
    a_token_makes_a_machine_of_its_town,
    the_same_key_may_ask_again,
    another_key_may_never,
    two_machines_cannot_race_for_one_token,
    a_token_for_three_makes_three,
    a_machine_may_bring_its_own_tag,
    an_expired_token_makes_nothing,
    an_unknown_token_makes_nothing,
    a_revoked_agent_is_not_active,
    a_contact_is_noted,
    a_policy_grows_by_one,
}

const SECRET: &str = "jeton";

async fn a_token_makes_a_machine_of_its_town(world: World) {
    create_token(&world).await;
    let redeemed = redeem(&world, "key", minute(5)).await.unwrap();

    assert_eq!(redeemed.organisation, world.town);
    assert_eq!(redeemed.content_key, [7; 32]);
    let town = world.town();
    let machine = town.machine(redeemed.machine).await.unwrap();
    assert_eq!(machine.host_name, "accueil");
    assert_eq!(machine.tag.as_deref(), Some("mairie"));
    assert_eq!(
        (machine.enrolled_at, machine.last_seen_at),
        (minute(5), None)
    );
    assert!(town.agent_is_active(machine.id).await.unwrap());
    let token = &town.tokens().await.unwrap()[0];
    assert_eq!(
        token.redemptions,
        [Redemption {
            machine: machine.id,
            at: minute(5)
        }]
    );
    let journal = town.journal(PAGE).await.unwrap();
    assert_eq!(journal.items[0].action, "agent.enrolled");
    assert_eq!(journal.items[1].action, "token.created");
}

async fn the_same_key_may_ask_again(world: World) {
    create_token(&world).await;
    let first = redeem(&world, "key", minute(5)).await.unwrap();
    let again = redeem(&world, "key", minute(90)).await.unwrap();
    assert_eq!(first.machine, again.machine);
    assert_eq!(world.town().machines().await.unwrap().len(), 1);
}

async fn another_key_may_never(world: World) {
    create_token(&world).await;
    redeem(&world, "key", minute(5)).await.unwrap();
    let other = redeem(&world, "other key", minute(6)).await;
    assert!(matches!(other, Err(RedeemError::Spent)));
    assert_eq!(world.town().machines().await.unwrap().len(), 1);
}

async fn two_machines_cannot_race_for_one_token(world: World) {
    create_token(&world).await;
    let (one, two) = tokio::join!(
        redeem(&world, "key", minute(5)),
        redeem(&world, "other key", minute(5))
    );
    assert_ne!(one.is_ok(), two.is_ok());
    assert_eq!(world.town().machines().await.unwrap().len(), 1);
}

async fn a_token_for_three_makes_three(world: World) {
    let town = world.town();
    let token = NewToken {
        machines: 3,
        ..new_token(hash_of(SECRET))
    };
    town.create_token(token, minute(0)).await.unwrap();
    let (one, two, three, four) = tokio::join!(
        redeem(&world, "one", minute(5)),
        redeem(&world, "two", minute(6)),
        redeem(&world, "three", minute(7)),
        redeem(&world, "four", minute(8)),
    );
    let outcomes = [one, two, three, four];
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!(matches!(
        refused.collect::<Vec<_>>()[..],
        [RedeemError::Spent]
    ));
    assert_eq!(town.machines().await.unwrap().len(), 3);
    assert_eq!(town.tokens().await.unwrap()[0].redemptions.len(), 3);
    // Each may ask again, with its own key.
    for (key, outcome) in ["one", "two", "three", "four"].into_iter().zip(outcomes) {
        let again = redeem(&world, key, minute(90)).await;
        assert_eq!(
            again.ok().map(|redeemed| redeemed.machine),
            outcome.ok().map(|redeemed| redeemed.machine)
        );
    }
}

async fn a_machine_may_bring_its_own_tag(world: World) {
    create_token(&world).await;
    let newcomer = Newcomer {
        tag: Some("accueil"),
        ..newcomer([1; 32], "PC-01")
    };
    let redeemed = world
        .store
        .redeem_token(hash_of(SECRET), newcomer, minute(1));
    let machine = redeemed.await.unwrap().machine;
    let machine = world.town().machine(machine).await.unwrap();
    assert_eq!(machine.tag.as_deref(), Some("accueil"));
}

async fn an_expired_token_makes_nothing(world: World) {
    create_token(&world).await;
    let late = redeem(&world, "key", minute(60)).await;
    assert!(matches!(late, Err(RedeemError::Expired)));
    assert!(world.town().machines().await.unwrap().is_empty());
}

async fn an_unknown_token_makes_nothing(world: World) {
    let unknown = redeem(&world, "key", minute(1)).await;
    assert!(matches!(unknown, Err(RedeemError::Unknown)));
}

async fn a_revoked_agent_is_not_active(world: World) {
    let agent = world.agent("accueil").await;
    let town = world.town();
    town.revoke_machine(agent.machine, Actor::Operator, minute(8))
        .await
        .unwrap();
    assert!(!town.agent_is_active(agent.machine).await.unwrap());
    let machine = town.machine(agent.machine).await.unwrap();
    assert_eq!(machine.revoked_at, Some(minute(8)));
    let journal = town.journal(PAGE).await.unwrap();
    assert_eq!(journal.items[0].action, "agent.revoked");
    assert_eq!(journal.items[0].actor, Actor::Operator);
}

async fn a_contact_is_noted(world: World) {
    let agent = world.agent("accueil").await;
    let town = world.town();
    town.machine_seen(agent.machine, "0.2.0", "2026.3", -172_800, minute(3))
        .await
        .unwrap();
    let machine = town.machine(agent.machine).await.unwrap();
    assert_eq!(machine.last_seen_at, Some(minute(3)));
    assert_eq!(machine.agent_version, "0.2.0");
    assert_eq!(machine.rules_version, "2026.3");
    assert_eq!(machine.clock_offset_seconds, Some(-172_800));
    let nowhere = town.machine_seen(MachineId::generate(), "", "", 0, minute(3));
    assert!(matches!(nowhere.await, Err(StoreError::NotFound)));
}

async fn a_policy_grows_by_one(world: World) {
    let town = world.town();
    assert_eq!(town.policy().await.unwrap(), Policy::default());
    let policy = Policy {
        roots: vec!["/srv".to_owned()],
        max_file_bytes: 1 << 30,
        ..Policy::default()
    };
    for version in 1..=2 {
        let set = town
            .set_policy(policy.clone(), actor(&world.dpo), minute(1))
            .await
            .unwrap();
        assert_eq!(set.version, version);
        assert_eq!(town.policy().await.unwrap(), set);
    }
    assert_eq!(world.other_town().policy().await.unwrap().version, 0);
}

async fn create_token(world: &World) {
    world
        .town()
        .create_token(new_token(hash_of(SECRET)), minute(0))
        .await
        .unwrap();
}

async fn redeem(world: &World, key: &str, now: Timestamp) -> Result<Redeemed, RedeemError> {
    world
        .store
        .redeem_token(hash_of(SECRET), newcomer(hash_of(key), "accueil"), now)
        .await
}
