//! Every address, and the page that answers.
//!
//! Addresses are French: the DPO reads them. Those of towns are a list, so that a test can walk them all.

use axum::{
    Router,
    routing::{MethodRouter, get, post},
};

use super::{
    WebState, assets, error,
    pages::{
        account, activity, activity_form, allowances, census, file, files, gap, gaps, journal,
        machine, machines, matching, overview, proposal, proposals, register, sign_in, towns,
    },
};

pub(super) fn all() -> Router<WebState> {
    let anybody = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/static/{name}", get(assets::serve))
        .route("/connexion", get(sign_in::show).post(sign_in::submit))
        .route("/deconnexion", post(sign_in::leave))
        .route("/compte", get(account::show).post(account::change_password))
        .route("/", get(towns::show));
    town_routes()
        .into_iter()
        .fold(anybody, |router, (path, methods)| {
            router.route(path, methods)
        })
        .fallback(error::nowhere)
}

/// What belongs to a town, all of it under its id.
pub fn town_routes() -> Vec<(&'static str, MethodRouter<WebState>)> {
    vec![
        ("/o/{organisation}", get(overview::show)),
        ("/o/{organisation}/fichiers", get(files::show)),
        ("/o/{organisation}/fichiers/{id}", get(file::show)),
        (
            "/o/{organisation}/fichiers/{id}/decision",
            post(file::decide),
        ),
        (
            "/o/{organisation}/fichiers/{id}/annulation",
            post(file::undo),
        ),
        ("/o/{organisation}/propositions", get(proposals::show)),
        ("/o/{organisation}/propositions/{id}", get(proposal::show)),
        (
            "/o/{organisation}/propositions/{id}/acceptation",
            get(activity_form::show_acceptance).post(activity_form::accept),
        ),
        (
            "/o/{organisation}/propositions/{id}/refus",
            post(proposal::refuse),
        ),
        (
            "/o/{organisation}/propositions/{id}/reouverture",
            post(proposal::reopen),
        ),
        ("/o/{organisation}/registre", get(register::show)),
        ("/o/{organisation}/registre/{id}", get(activity::show)),
        (
            "/o/{organisation}/registre/{id}/modification",
            get(activity_form::show_amendment).post(activity_form::amend),
        ),
        (
            "/o/{organisation}/registre/{id}/archivage",
            post(activity::archive),
        ),
        (
            "/o/{organisation}/registre/{id}/restauration",
            post(activity::restore),
        ),
        ("/o/{organisation}/ecarts", get(gaps::show)),
        ("/o/{organisation}/ecarts/{id}", get(gap::show)),
        ("/o/{organisation}/postes", get(machines::show)),
        ("/o/{organisation}/postes/{id}", get(machine::show)),
        (
            "/o/{organisation}/postes/{id}/refus",
            post(matching::refuse),
        ),
        (
            "/o/{organisation}/postes/{id}/retablissement",
            post(matching::readmit),
        ),
        ("/o/{organisation}/rapprochements", get(matching::show)),
        (
            "/o/{organisation}/rapprochements/{id}/fusion",
            post(matching::merge),
        ),
        (
            "/o/{organisation}/rapprochements/{id}/separation",
            post(matching::undo_merge),
        ),
        (
            "/o/{organisation}/rapprochements/{id}/distinction",
            post(matching::distinguish),
        ),
        (
            "/o/{organisation}/rapprochements/{id}/reprise",
            post(matching::undo_distinction),
        ),
        ("/o/{organisation}/logiciels", get(census::show)),
        (
            "/o/{organisation}/exceptions",
            get(allowances::show).post(allowances::add),
        ),
        (
            "/o/{organisation}/exceptions/{id}/fin",
            post(allowances::end),
        ),
        (
            "/o/{organisation}/exceptions/{id}/reprise",
            post(allowances::resume),
        ),
        ("/o/{organisation}/journal", get(journal::show)),
    ]
}
