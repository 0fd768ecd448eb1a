//! What keeps strangers out, and other sites from acting for us.

use axum::http::{Method, StatusCode};
use beffroi_collector::web::WebState;
use jiff::SignedDuration;

use super::{
    browser::{Browser, HOST},
    world::{PASSWORD, World},
};

#[tokio::test]
async fn a_stranger_is_led_to_sign_in_and_back_to_the_page() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    let page = format!("/o/{}/fichiers?type=nir", world.full);
    let answer = browser.get(&page).await;
    let sign_in = answer.leads_to().to_owned();
    assert!(sign_in.starts_with("/connexion?suite="), "{sign_in}");

    let form = browser.get(&sign_in).await;
    let fields = [
        ("csrf", form.csrf()),
        ("suite", page.clone()),
        ("login", "dpo".to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = browser.post("/connexion", &fields).await;
    assert_eq!(answer.leads_to(), page);
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    let secret = browser.get("/connexion").await.csrf();
    let fields = [
        ("csrf", secret.as_str()),
        ("suite", "//autre.exemple/"),
        ("login", "dpo"),
        ("password", PASSWORD),
    ];
    assert_eq!(browser.post("/connexion", &fields).await.leads_to(), "/");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    for login in ["dpo", "inconnue"] {
        let answer = browser.sign_in(login, "le mauvais mot de passe").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answer.shows("Identifiant ou mot de passe incorrect.");
    }
}

#[tokio::test]
async fn five_failures_close_the_login_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    for _ in 0..5 {
        browser.sign_in("dpo", "le mauvais mot de passe").await;
    }
    let refused = browser.sign_in("dpo", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.shows("Trop d’essais");

    world.later(SignedDuration::from_mins(16));
    let accepted = browser.sign_in("dpo", PASSWORD).await;
    assert_eq!(accepted.leads_to(), "/");
}

#[tokio::test]
async fn many_failures_from_one_address_close_it_for_every_login() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    for attempt in 0..30 {
        browser.sign_in(&format!("inconnue{attempt}"), "x").await;
    }
    let refused = browser.sign_in("dpo", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let mut elsewhere = Browser::of(&world);
    elsewhere.address.set_ip([198, 51, 100, 7].into());
    assert_eq!(elsewhere.sign_in("dpo", PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn a_right_password_forgets_the_failures() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    for _ in 0..2 {
        for _ in 0..4 {
            browser.sign_in("dpo", "le mauvais mot de passe").await;
        }
        assert_eq!(browser.sign_in("dpo", PASSWORD).await.leads_to(), "/");
    }
}

#[tokio::test]
async fn a_form_without_its_secret_is_refused() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for fields in [&[][..], &[("csrf", "0000")]] {
        let answer = browser.post("/deconnexion", fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.shows("Formulaire refusé");
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_sent_by_another_site_is_refused_even_with_the_secret() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for origin in ["https://autre.exemple", "null"] {
        browser.origin = Some(origin.to_owned());
        let answer = browser.submit("/deconnexion", &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn the_sign_in_form_needs_its_secret_too() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    let fields = [("csrf", ""), ("login", "dpo"), ("password", PASSWORD)];
    let answer = browser.post("/connexion", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_ends_after_two_idle_hours() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    world.later(SignedDuration::from_mins(119));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    world.later(SignedDuration::from_mins(121));
    assert_eq!(browser.get("/").await.leads_to(), "/connexion");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_of_use() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for _ in 0..11 {
        world.later(SignedDuration::from_hours(1));
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    world.later(SignedDuration::from_mins(61));
    assert_eq!(browser.get("/").await.leads_to(), "/connexion");
}

#[tokio::test]
async fn signing_out_closes_the_session_itself() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let mut copy = browser.clone();
    assert_eq!(
        browser.submit("/deconnexion", &[]).await.leads_to(),
        "/connexion"
    );
    assert_eq!(copy.get("/").await.leads_to(), "/connexion");
}

#[tokio::test]
async fn a_first_password_must_be_replaced_before_anything_else() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "nouveau").await;
    assert_eq!(browser.get("/").await.leads_to(), "/compte");
    let page = format!("/o/{}/fichiers", world.full);
    assert_eq!(browser.get(&page).await.leads_to(), "/compte");

    let change = |new: &'static str| [("current", PASSWORD), ("new", new), ("again", new)];
    let weak = browser.submit("/compte", &change("court")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    weak.shows("au moins 12 caractères");
    let same = browser.submit("/compte", &change(PASSWORD)).await;
    same.shows("doit être différent");
    let changed = browser
        .submit("/compte", &change("le coq chante à l’aube"))
        .await;
    assert!(changed.leads_to().starts_with("/compte?fait="));
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
}

#[tokio::test]
async fn changing_the_password_closes_the_other_sessions() {
    let world = World::new().await;
    let mut here = Browser::signed_in(&world, "dpo").await;
    let mut elsewhere = Browser::signed_in(&world, "dpo").await;
    let new = "le coq chante à l’aube";
    here.submit(
        "/compte",
        &[("current", PASSWORD), ("new", new), ("again", new)],
    )
    .await;
    assert_eq!(here.get("/").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/").await.leads_to(), "/connexion");
}

#[tokio::test]
async fn every_answer_tells_browsers_what_to_refuse() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for address in [
        "/",
        "/connexion",
        "/healthz",
        "/nulle-part",
        "/static/beffroi.css",
    ] {
        let answer = browser.get(address).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'"), "{address}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert_eq!(answer.header("strict-transport-security"), "", "plain http");
    }
    assert_eq!(browser.get("/").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn behind_https_the_cookie_and_the_browser_stay_on_https() {
    let mut world = World::new().await;
    world.state = WebState {
        https: true,
        ..world.state.clone()
    };
    let mut browser = Browser::of(&world);
    browser.origin = Some(format!("https://{HOST}"));
    let answer = browser.sign_in("dpo", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-beffroi="), "{cookie}");
    for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age=")
    );
}

#[tokio::test]
async fn pages_have_no_inline_script_or_style() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    for place in [
        "",
        "/fichiers",
        "/postes",
        "/logiciels",
        "/propositions",
        "/ecarts",
    ] {
        let page = browser.get(&format!("/o/{}{place}", world.full)).await;
        for inline in ["<style", " style=", "onclick", "<script>", "javascript:"] {
            page.hides(inline);
        }
    }
}

#[tokio::test]
async fn a_body_too_large_is_refused() {
    let world = World::new().await;
    let mut browser = Browser::signed_in(&world, "dpo").await;
    let long = "a".repeat(600 * 1024);
    let answer = browser.submit("/compte", &[("current", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn static_files_are_revalidated_rather_than_sent_again() {
    let world = World::new().await;
    let mut browser = Browser::of(&world);
    let first = browser.get("/static/beffroi.css").await;
    assert_eq!(first.header("content-type"), "text/css; charset=utf-8");
    let again = browser
        .request(
            Method::GET,
            "/static/beffroi.css",
            &[("if-none-match", first.header("etag"))],
        )
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let missing = browser.get("/static/README.md").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
