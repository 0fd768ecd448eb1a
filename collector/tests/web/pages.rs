//! Every page renders, full and empty.

use axum::http::StatusCode;
use beffroi_collector::{
    model::{FileFilter, OrganisationId, PageRequest},
    store::Store,
    web::town_routes,
};

use super::{browser::Browser, world::World};

/// One id of each thing that the town has, by the name of its pages.
pub(crate) async fn ids(store: &Store, town: OrganisationId) -> Vec<(&'static str, String)> {
    let store = store.of(town);
    let first = PageRequest { number: 0, size: 1 };
    let files = store.files(&FileFilter::default(), first).await.unwrap();
    let mut ids = Vec::new();
    ids.extend(
        files
            .items
            .iter()
            .map(|file| ("fichiers", file.id.to_string())),
    );
    let machines = store.machines().await.unwrap();
    ids.extend(
        machines
            .iter()
            .map(|machine| ("postes", machine.id.to_string())),
    );
    ids.extend(
        machines
            .iter()
            .map(|machine| ("rapprochements", machine.id.to_string())),
    );
    let proposals = store.proposals(None).await.unwrap();
    ids.extend(
        proposals
            .iter()
            .map(|proposal| ("propositions", proposal.id.to_string())),
    );
    let activities = store.activities().await.unwrap();
    ids.extend(
        activities
            .iter()
            .map(|activity| ("registre", activity.id.to_string())),
    );
    let gaps = store.gaps(None).await.unwrap();
    let allowances = store.allowances().await.unwrap();
    ids.extend(
        allowances
            .iter()
            .map(|allowance| ("exceptions", allowance.id.to_string())),
    );
    ids.extend(gaps.iter().map(|gap| ("ecarts", gap.id.to_string())));
    ids
}

/// The addresses of a route for each id that it may take.
pub(crate) fn addresses(route: &str, town: OrganisationId, ids: &[(&str, String)]) -> Vec<String> {
    let route = route.replace("{organisation}", &town.to_string());
    if !route.contains("{id}") {
        return vec![route];
    }
    ids.iter()
        .filter(|(section, _)| route.contains(&format!("/{section}/")))
        .map(|(_, id)| route.replace("{id}", id))
        .collect()
}

#[tokio::test]
async fn every_page_of_a_full_town_renders() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    accept_first_proposal(&world, &mut browser).await;

    let ids = ids(&world.store, world.full).await;
    let mut rendered = 0;
    for (route, _) in town_routes() {
        let addresses = addresses(route, world.full, &ids);
        assert!(!addresses.is_empty(), "the world has nothing for {route}");
        for address in addresses {
            let answer = browser.get(&address).await;
            match answer.status {
                // A route that only takes forms; the form of an accepted proposal.
                StatusCode::METHOD_NOT_ALLOWED | StatusCode::CONFLICT => {}
                status => {
                    assert_eq!(status, StatusCode::OK, "{address}\n{}", answer.text);
                    answer.shows("</html>");
                    rendered += 1;
                }
            }
        }
    }
    assert!(rendered >= 20, "{rendered}");
}

#[tokio::test]
async fn every_list_of_an_empty_town_says_what_to_do_next() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for (route, _) in town_routes() {
        for address in addresses(route, world.empty, &[]) {
            let answer = browser.get(&address).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}\n{}", answer.text);
            answer.shows("class=\"empty\"");
        }
    }
    let overview = browser.get(&format!("/o/{}", world.empty)).await;
    overview.shows("beffroi-collector token create --organisation \"CCAS de Saint-Exemple\"");
}

#[tokio::test]
async fn the_overview_counts_clean_files_as_read_and_clean() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let overview = browser.get(&format!("/o/{}", world.full)).await;
    // 12 483 read, of which four hold something.
    overview.shows("12\u{202f}479\u{a0}fichiers lus et sans donnée personnelle");
    overview.shows("Chiffré");
    overview.shows("Numéro de sécurité sociale");
}

#[tokio::test]
async fn files_are_filtered_by_what_the_address_asks() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let list = format!("/o/{}/fichiers", world.full);

    let secured = browser.get(&format!("{list}?type=nir")).await;
    secured.shows("bulletins_decembre.csv");
    secured.hides("candidatures_2019.ods");
    let searched = browser.get(&format!("{list}?q=CANDIDATURES")).await;
    searched.shows("candidatures_2019.ods");
    searched.hides("bulletins_decembre.csv");
    let none = browser.get(&format!("{list}?q=introuvable")).await;
    none.shows("Aucun fichier ne correspond");
    let nonsense = browser.get(&format!("{list}?page=x&verdict=y")).await;
    assert_eq!(nonsense.status, StatusCode::OK);
    nonsense.shows("bulletins_decembre.csv");
}

#[tokio::test]
async fn one_file_shows_masked_samples_and_where_they_are() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let list = browser
        .get(&format!("/o/{}/fichiers?q=bulletins", world.full))
        .await;
    let (_, link) = list
        .text
        .split_once("<th scope=\"row\"><a href=\"")
        .unwrap();
    let address = link.split('"').next().unwrap();
    let file = browser.get(address).await;
    file.shows("1 85 •• •• ••• ••• ••");
    file.shows("cellule C2");
    file.shows("46\u{a0}personnes");
}

#[tokio::test]
async fn the_census_is_searched_by_software_and_publisher() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let found = browser
        .get(&format!("/o/{}/logiciels?q=berger", world.full))
        .await;
    found.shows("e.magnus GRH");
    found.hides("LibreOffice");
}

#[tokio::test]
async fn somebody_with_one_town_goes_straight_to_it() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "ccas").await;
    let first = browser.get("/").await;
    assert_eq!(first.leads_to(), format!("/o/{}", world.empty));
    let mut of_all = Browser::signed_in(&world, "dpo").await;
    of_all.get("/").await.shows("Commune de Saint-Exemple");
}

#[tokio::test]
async fn values_in_file_names_are_text_and_never_code() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let list = browser
        .get(&format!(
            "/o/{}/fichiers?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
            world.full
        ))
        .await;
    list.hides("<script>alert");
    list.shows("&#60;script&#62;alert(1)");
}

async fn accept_first_proposal(world: &World, browser: &mut Browser) {
    let proposals = world.store.of(world.full).proposals(None).await.unwrap();
    let address = format!(
        "/o/{}/propositions/{}/acceptation",
        world.full, proposals[0].id
    );
    let answer = browser.submit(&address, &[("label", "Paie")]).await;
    assert!(answer.leads_to().contains("/registre/"));
}
