//! The pages for the DPO and the clerk: HTML lives here and nowhere else.
//!
//! In: what `store` holds. Out: French pages that work without script. Each page is one file of [`pages`] and reads
//! session → data → context → render; its template has the same name in `collector/templates`. Nothing is computed
//! here: figures, proposals and gaps come as they are stored.
//!
//! The way of a request: [`headers`] around everything, then the routes; [`town`] opens what belongs to a town only to
//! those who may see it (anything else does not exist: 404), [`form`] only takes a post that our own page has sent.
//!
//! Called by the command line, which serves [`router`].

mod assets;
mod error;
mod form;
mod french;
mod headers;
mod labels;
mod layout;
mod pages;
pub mod password;
mod routes;
mod session;
mod throttle;
mod town;

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware};
use beffroi_rules::detect::Engine;
use jiff::Timestamp;
use tower_http::timeout::TimeoutLayer;

use crate::{
    model::{ActivityField, Organisation, Proposal},
    store::Store,
};

pub use labels::Labels;
pub use routes::town_routes;

/// The largest form, an entry of the register, is some dozens of kilobytes.
const LARGEST_BODY_BYTES: usize = 512 * 1024;
const SLOWEST_ANSWER: Duration = Duration::from_secs(30);

/// What the pages need, given once by the program.
#[derive(Clone)]
pub struct WebState {
    pub store: Store,
    pub labels: Arc<Labels>,
    /// Browsers come by https, ours or a proxy's.
    pub https: bool,
    /// The visitor's address is the last one of `X-Forwarded-For`, which the proxy wrote.
    pub behind_proxy: bool,
    pub clock: Clock,
    pub prefill: Prefill,
    /// Recognises a value that is to be left out as agents do.
    pub engine: Engine,
}

pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Writes the entry of the register that a proposal stands for. It belongs to `knowledge`, which pages do not know.
pub type Prefill =
    Arc<dyn Fn(&Organisation, &Proposal, Timestamp) -> Vec<ActivityField> + Send + Sync>;

impl WebState {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// Every page. The visitor's address is read from axum's `ConnectInfo<SocketAddr>`.
pub fn router(state: WebState) -> Router {
    routes::all()
        .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            SLOWEST_ANSWER,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            headers::protect,
        ))
        .with_state(state)
}
