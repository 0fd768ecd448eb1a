//! The pages as a browser sees them, on a real store.

mod browser;
mod decisions;
mod pages;
mod security;
mod tenancy;
mod world;
