//! The pages as a browser sees them, on a real store.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the browser and the world of the tests fail loudly, like the tests themselves"
)]

mod allowances;
mod browser;
mod decisions;
mod matching;
mod pages;
mod security;
mod tenancy;
mod updates;
mod world;
