//! Two towns on one collector: what belongs to one does not exist for the other.

use beffroi_collector::{
    model::{Actor, AllowedSubject, FileFilter, NewAllowance, OrganisationId, PageRequest},
    store::Store,
    web::town_routes,
};
use beffroi_tests::{
    agent::Agent, collector::Collector, conclusions, town::TownHall, visitor::Visitor,
};
use reqwest::StatusCode;

const PASSWORD: &str = "la cloche du village voisin";

struct TwoTowns {
    collector: Collector,
    store: Store,
    ours: OrganisationId,
    theirs: OrganisationId,
}

/// Each with a machine that scanned the same share, so that nothing but the organisation tells them apart.
async fn two_towns() -> TwoTowns {
    let hall = TownHall::small();
    let collector = Collector::start();
    let ours = collector.create_organisation("Commune d'Ici");
    let theirs = collector.create_organisation("Commune de Là-bas");
    let store = collector.store().await;
    for town in [ours, theirs] {
        let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&hall.share()]);
        agent.succeed(&["run", "--once"]);
        conclusions::wait_for(&store, town).await;
    }
    TwoTowns {
        collector,
        store,
        ours,
        theirs,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_one_town_finds_nothing_of_the_other_at_any_address() {
    let world = two_towns().await;
    create_user(&world.collector, "maire", world.ours);
    let visitor = Visitor::sign_in(&world.collector, "maire", PASSWORD).await;
    let (status, page) = visitor.get("/").await;
    assert!(
        status != StatusCode::OK || !page.contains("Là-bas"),
        "the list names the other town"
    );
    allow_phones(&world.store, world.theirs).await;
    let ids = every_id(&world.store, world.theirs).await;
    assert!(ids.len() > 20);
    let mut walked = 0;
    for (route, _) in town_routes() {
        for town in [world.ours, world.theirs] {
            for path in paths(route, town, &ids) {
                // Our own pages without an id are ours to see.
                if town == world.ours && !route.contains("{id}") {
                    continue;
                }
                let (read, page) = visitor.get(&path).await;
                assert!(is_nowhere(read), "GET {path}: {read}");
                assert!(!page.contains("Là-bas"), "GET {path} names the other town");
                let (write, _) = visitor
                    .post(
                        &path,
                        &[
                            ("decision", "confirmed"),
                            ("reason", "x"),
                            ("label", "x"),
                            ("what", "nature"),
                            ("kind", "nir"),
                            ("no_end", "oui"),
                        ],
                    )
                    .await;
                assert!(is_nowhere(write), "POST {path}: {write}");
                walked += 1;
            }
        }
    }
    assert!(walked > 200, "{walked}");
    let files = files(&world.store, world.theirs).await;
    assert!(
        files.iter().all(|file| file.decision.is_none()),
        "a post went through"
    );
    let allowances = world.store.of(world.theirs).allowances().await.unwrap();
    assert!(
        allowances.len() == 1 && allowances[0].ended_at.is_none(),
        "a post went through"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_writes_into_the_town_of_its_certificate_only() {
    let world = two_towns().await;
    let before = files(&world.store, world.theirs).await;

    let hall = TownHall::small();
    let token = world.collector.create_token(world.ours);
    Agent::enrolled(&world.collector, &token, &[&hall.share()]).succeed(&["run", "--once"]);

    assert_eq!(files(&world.store, world.theirs).await, before);
    assert_eq!(
        world.store.of(world.ours).machines().await.unwrap().len(),
        2
    );
    assert_eq!(
        world.store.of(world.theirs).machines().await.unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_has_another_fingerprint_in_another_town() {
    let world = two_towns().await;
    let ours = files(&world.store, world.ours).await;
    let theirs = files(&world.store, world.theirs).await;
    assert_eq!(ours.len(), theirs.len());
    for file in ours
        .iter()
        .filter(|file| !file.state.content_fingerprint.is_empty())
    {
        let same_path = theirs
            .iter()
            .find(|other| other.state.path == file.state.path)
            .unwrap();
        assert_ne!(
            same_path.state.content_fingerprint,
            file.state.content_fingerprint
        );
    }
}

fn is_nowhere(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
    )
}

fn paths(route: &str, town: OrganisationId, ids: &[String]) -> Vec<String> {
    let route = route.replace("{organisation}", &town.to_string());
    if !route.contains("{id}") {
        return vec![route];
    }
    ids.iter().map(|id| route.replace("{id}", id)).collect()
}

async fn files(store: &Store, town: OrganisationId) -> Vec<beffroi_collector::model::File> {
    let page = PageRequest {
        number: 0,
        size: 10_000,
    };
    store
        .of(town)
        .files(&FileFilter::default(), page)
        .await
        .unwrap()
        .items
}

/// A few ids of everything that has one.
async fn every_id(store: &Store, town: OrganisationId) -> Vec<String> {
    const EACH: usize = 8;
    let of_town = store.of(town);
    let mut ids = Vec::new();
    ids.extend(
        files(store, town)
            .await
            .iter()
            .take(EACH)
            .map(|file| file.id.to_string()),
    );
    ids.extend(
        of_town
            .machines()
            .await
            .unwrap()
            .iter()
            .map(|machine| machine.id.to_string()),
    );
    let proposals = of_town.proposals(None).await.unwrap();
    ids.extend(
        proposals
            .iter()
            .take(EACH)
            .map(|proposal| proposal.id.to_string()),
    );
    ids.extend(
        of_town
            .gaps(None)
            .await
            .unwrap()
            .iter()
            .take(EACH)
            .map(|gap| gap.id.to_string()),
    );
    let allowances = of_town.allowances().await.unwrap();
    ids.extend(allowances.iter().map(|allowance| allowance.id.to_string()));
    ids.push(town.to_string());
    ids
}

async fn allow_phones(store: &Store, town: OrganisationId) {
    let new = NewAllowance {
        subject: AllowedSubject::Kind {
            kind: "phone".to_owned(),
        },
        path: "**/annuaire/**".to_owned(),
        reason: "annuaire public".to_owned(),
        ends_at: None,
    };
    let now = jiff::Timestamp::now();
    store
        .of(town)
        .allow(new, Actor::Operator, now)
        .await
        .unwrap();
}

fn create_user(collector: &Collector, login: &str, town: OrganisationId) {
    let town = town.to_string();
    let arguments = [
        "user",
        "create",
        login,
        "--name",
        "Un maire",
        "--role",
        "dpo",
        "--organisation",
        &town,
        "--password-stdin",
    ];
    let output = collector.run_with_input(&arguments, PASSWORD);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
