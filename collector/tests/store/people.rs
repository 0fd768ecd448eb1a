//! Users, their sessions, and failed sign-ins.

use beffroi_collector::{
    model::{Access, OrganisationId, OrganisationKind, Role},
    store::{NewUser, StoreError},
};

use crate::world::{World, hash_of, minute, on_both_engines};

on_both_engines! {
    a_town_is_found_by_name_or_id,
    a_town_has_a_name_of_its_own,
    a_user_comes_back_with_their_towns,
    a_login_is_taken_once,
    a_user_of_an_unknown_town_is_not_created,
    a_new_password_replaces_the_old_one,
    a_session_lives_until_it_expires,
    a_closed_session_is_gone,
    a_disabled_user_has_no_session,
    failures_are_counted_by_login_and_by_address,
}

async fn a_town_is_found_by_name_or_id(world: World) {
    let id = world.town.id.to_string();
    for name_or_id in ["Bourg-la-Forêt", " Bourg-la-Forêt ", &id] {
        let found = world.store.organisation_named(name_or_id).await.unwrap();
        assert_eq!(found, world.town);
    }
    let unknown = world.store.organisation_named("Bourg").await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
    let all = world.store.organisations().await.unwrap();
    assert_eq!(all, [world.town, world.other_town]);
}

async fn a_town_has_a_name_of_its_own(world: World) {
    let kind = OrganisationKind::Ccas;
    let taken = world
        .store
        .create_organisation("Saint-Aubin", kind, [1; 32], minute(0))
        .await;
    assert!(matches!(taken, Err(StoreError::Conflict(_))));
}

async fn a_user_comes_back_with_their_towns(world: World) {
    let towns = Access::Organisations(vec![world.town.id, world.other_town.id]);
    let reader = world
        .store
        .create_user(user("paul", towns), minute(1))
        .await
        .unwrap();
    let (found, password_hash) = world.store.user_by_login("paul").await.unwrap().unwrap();
    assert_eq!((&found, password_hash.as_str()), (&reader, "$argon2id$1"));
    assert!(world.store.user_by_login("Paul").await.unwrap().is_none());
    assert_eq!(world.store.users().await.unwrap(), [world.dpo, reader]);
}

async fn a_login_is_taken_once(world: World) {
    let taken = world
        .store
        .create_user(user("claire", Access::All), minute(1));
    assert!(matches!(taken.await, Err(StoreError::Conflict(_))));
}

async fn a_user_of_an_unknown_town_is_not_created(world: World) {
    let nowhere = Access::Organisations(vec![OrganisationId::generate()]);
    let created = world.store.create_user(user("paul", nowhere), minute(1));
    assert!(matches!(created.await, Err(StoreError::NotFound)));
    assert!(world.store.user_by_login("paul").await.unwrap().is_none());
}

async fn a_new_password_replaces_the_old_one(world: World) {
    let user = world
        .store
        .create_user(user("paul", Access::All), minute(1))
        .await
        .unwrap();
    world
        .store
        .set_password(user.id, "$argon2id$2", false, minute(2))
        .await
        .unwrap();
    let (user, hash) = world.store.user_by_login("paul").await.unwrap().unwrap();
    assert_eq!(
        (hash.as_str(), user.must_change_password),
        ("$argon2id$2", false)
    );
}

async fn a_session_lives_until_it_expires(world: World) {
    let cookie = open_session(&world, "cookie").await;
    world.store.touch_session(cookie, minute(5)).await.unwrap();

    let session = world.store.session(cookie, minute(9)).await.unwrap();
    let session = session.unwrap();
    assert_eq!((&session.user, session.csrf.as_str()), (&world.dpo, "csrf"));
    assert_eq!(
        (session.opened_at, session.last_seen_at),
        (minute(1), minute(5))
    );
    assert_eq!(session.expires_at, minute(10));

    assert!(
        world
            .store
            .session(cookie, minute(10))
            .await
            .unwrap()
            .is_none()
    );
    let unknown = world.store.session(hash_of("other"), minute(2)).await;
    assert!(unknown.unwrap().is_none());
}

async fn a_closed_session_is_gone(world: World) {
    let one = open_session(&world, "one").await;
    let two = open_session(&world, "two").await;
    let three = open_session(&world, "three").await;
    world.store.close_session(one).await.unwrap();
    assert!(world.store.session(one, minute(2)).await.unwrap().is_none());
    assert!(world.store.session(two, minute(2)).await.unwrap().is_some());
    world.store.close_sessions_of(world.dpo.id).await.unwrap();
    for cookie in [two, three] {
        assert!(
            world
                .store
                .session(cookie, minute(2))
                .await
                .unwrap()
                .is_none()
        );
    }
}

async fn a_disabled_user_has_no_session(world: World) {
    let cookie = open_session(&world, "cookie").await;
    world
        .store
        .disable_user(world.dpo.id, minute(2))
        .await
        .unwrap();
    assert!(
        world
            .store
            .session(cookie, minute(3))
            .await
            .unwrap()
            .is_none()
    );
    let later = open_session(&world, "later").await;
    assert!(
        world
            .store
            .session(later, minute(3))
            .await
            .unwrap()
            .is_none()
    );
    let (user, _) = world.store.user_by_login("claire").await.unwrap().unwrap();
    assert_eq!(user.disabled_at, Some(minute(2)));
}

async fn failures_are_counted_by_login_and_by_address(world: World) {
    let failures = [
        ("claire", "10.0.0.1", 1),
        ("claire", "10.0.0.2", 5),
        ("paul", "10.0.0.1", 6),
    ];
    for (login, address, at) in failures {
        world
            .store
            .record_login_failure(login, address, minute(at))
            .await
            .unwrap();
    }
    let since = async |n| {
        let counts = world
            .store
            .login_failures_since("claire", "10.0.0.1", minute(n));
        counts.await.unwrap()
    };
    assert_eq!(since(0).await, (2, 2));
    assert_eq!(since(2).await, (1, 1));
    world.store.clear_login_failures("claire").await.unwrap();
    assert_eq!(since(0).await, (0, 1));
    let a_day_later = minute(6 + 24 * 60 + 1);
    world
        .store
        .record_login_failure("paul", "10.0.0.9", a_day_later)
        .await
        .unwrap();
    assert_eq!(since(0).await, (0, 0));
}

async fn open_session(world: &World, cookie: &str) -> [u8; 32] {
    let hash = hash_of(cookie);
    world
        .store
        .open_session(world.dpo.id, hash, "csrf", minute(1), minute(10))
        .await
        .unwrap();
    hash
}

fn user(login: &str, access: Access) -> NewUser {
    NewUser {
        login: login.to_owned(),
        name: "Paul Durand".to_owned(),
        role: Role::Reader,
        access,
        password_hash: "$argon2id$1".to_owned(),
        must_change_password: true,
    }
}
