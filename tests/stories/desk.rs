//! The DPO's day in a real browser: finds a file and decides, undoes, accepts a proposal into the register, refuses
//! another, reads the gaps; with the mouse, then with the keyboard alone.

use beffroi_collector::model::{DecisionKind, File, FileFilter, OrganisationId, PageRequest};
use beffroi_collector::store::Store;
use beffroi_tests::{
    agent::Agent,
    browser::{Browser, Key},
    collector::{Collector, LOGIN},
    conclusions,
    town::TownHall,
};

struct Desk {
    collector: Collector,
    store: Store,
    town: OrganisationId,
    browser: Browser,
}

async fn desk() -> Desk {
    let hall = TownHall::small();
    let roots = hall.roots();
    let roots: Vec<_> = roots.iter().map(std::path::PathBuf::as_path).collect();
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de Beffroi-sur-Mer");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &roots);
    agent.succeed(&["run", "--once"]);
    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    let browser = Browser::open().await;
    browser
        .sign_in(&collector.url(""), LOGIN, &collector.password)
        .await;
    Desk {
        collector,
        store,
        town,
        browser,
    }
}

impl Desk {
    async fn goto(&self, page: &str) {
        self.browser
            .goto(&self.collector.url(&format!("/o/{}{page}", self.town)))
            .await;
    }

    async fn files(&self) -> Vec<File> {
        let page = PageRequest {
            number: 0,
            size: 1000,
        };
        self.store
            .of(self.town)
            .files(&FileFilter::default(), page)
            .await
            .unwrap()
            .items
    }

    async fn content(&self) -> String {
        self.browser.text("#contenu").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dpo_decides_about_a_file_and_undoes_it() {
    let desk = desk().await;
    desk.goto("").await;
    assert!(
        desk.content().await.contains("sans donnée personnelle"),
        "the ledger is on the overview"
    );

    desk.goto("/fichiers?type=nir").await;
    let listed = desk.browser.texts("table.files tbody tr").await;
    let expected = desk
        .files()
        .await
        .into_iter()
        .filter(|file| file.state.tallies.iter().any(|tally| tally.kind == "nir"));
    assert_eq!(listed.len(), expected.count().min(listed.len()));
    assert!(!listed.is_empty());
    desk.browser.click("table.files tbody th a").await;
    assert!(
        !desk
            .browser
            .texts("table.samples td.sample")
            .await
            .is_empty(),
        "masked samples and where they are"
    );
    desk.browser.click("#d-to_secure").await;
    desk.browser
        .fill("#comment", "À déplacer dans le coffre de la paie")
        .await;
    desk.browser.submit("form[action$='/decision']").await;
    assert!(
        desk.content()
            .await
            .contains("À déplacer dans le coffre de la paie")
    );
    let decided: Vec<File> = desk
        .files()
        .await
        .into_iter()
        .filter(|file| file.decision.is_some())
        .collect();
    assert_eq!(decided.len(), 1);
    assert_eq!(
        decided[0].decision.as_ref().unwrap().kind,
        DecisionKind::ToSecure
    );

    desk.browser.submit("form[action$='/annulation']").await;
    assert!(
        desk.files()
            .await
            .iter()
            .all(|file| file.decision.is_none())
    );
    assert_eq!(desk.browser.console_errors().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dpo_builds_the_register_from_proposals() {
    let desk = desk().await;
    let proposals = desk.store.of(desk.town).proposals(None).await.unwrap();
    let (accepted, refused) = (&proposals[0], &proposals[1]);

    desk.goto(&format!("/propositions/{}", accepted.id)).await;
    assert!(desk.content().await.contains("Pourquoi cette proposition"));
    desk.browser.click("a.button[href$='/acceptation']").await;
    desk.browser
        .fill("#f-label", "Paie des agents, reprise à la main")
        .await;
    desk.browser.submit("form[action$='/acceptation']").await;
    desk.goto("/registre").await;
    assert!(
        desk.content()
            .await
            .contains("Paie des agents, reprise à la main")
    );

    desk.goto(&format!("/propositions/{}", refused.id)).await;
    desk.browser
        .fill("#reason", "Compétence de l'intercommunalité")
        .await;
    desk.browser.submit("form[action$='/refus']").await;
    assert!(
        desk.content()
            .await
            .contains("Compétence de l'intercommunalité")
    );
    assert_eq!(
        desk.store.of(desk.town).activities().await.unwrap().len(),
        1
    );

    desk.goto("/ecarts").await;
    assert!(!desk.browser.texts("#contenu h2").await.is_empty());
    desk.goto("/postes").await;
    desk.goto("/logiciels").await;
    assert_eq!(desk.browser.console_errors().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() {
    let desk = desk().await;
    let file = desk
        .files()
        .await
        .into_iter()
        .find(|file| !file.state.tallies.is_empty())
        .unwrap();
    desk.goto(&format!("/fichiers/{}", file.id)).await;
    // The first stop is the link that skips the navigation.
    desk.browser.press(Key::Tab).await;
    assert!(desk.browser.is_focused("a.skip").await);
    tab_to(&desk.browser, "input[name='decision']").await;
    desk.browser.press(Key::Space).await;
    tab_to(&desk.browser, "form[action$='/decision'] button").await;
    desk.browser.press(Key::Enter).await;
    desk.browser.text("form[action$='/annulation']").await;
    let decided = desk.store.of(desk.town).file(file.id).await.unwrap();
    assert!(decided.decision.is_some());
}

async fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..80 {
        if browser.is_focused(css).await {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("{css} cannot be reached with the Tab key");
}
