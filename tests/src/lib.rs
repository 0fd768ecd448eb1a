//! A small world for the stories: the built programs, real sockets, real folders.
//!
//! [`programs`] builds and finds the binaries, [`collector`] and [`agent`] run them as an operator's technician
//! would ([`windows`]: under Wine), [`browser`] drives a real Chromium, [`repository`] reads the sources themselves. Nothing here reaches into
//! a program that runs: what a story knows, it learned over the wire, from a page or from the database.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a world that cannot be built fails its story, with the place where it happened"
)]

pub mod agent;
pub mod browser;
pub mod collector;
pub mod conclusions;
pub mod folder;
pub mod hardware;
pub mod outcome;
pub mod programs;
pub mod proxy;
pub mod recorder;
pub mod release;
pub mod repository;
pub mod town;
pub mod visitor;
pub mod wait;
pub mod windows;
