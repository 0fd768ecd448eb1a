//! The collector: takes in what the agents of many towns report, understands it, and shows it to their DPO.
//!
//! The way of the data: `ingest` (gRPC over mutual TLS) → `store` (SQL) → `knowledge` (pure) → `store` →
//! `web`. [`model`] holds the words they share.
#![forbid(unsafe_code)]

pub mod allowance;
pub mod authority;
pub mod config;
pub mod enrol;
pub mod files;
pub mod ingest;
pub mod jobs;
pub mod knowledge;
pub mod listener;
pub mod marks;
pub mod model;
pub mod packages;
mod paris;
pub mod rollout;
pub mod store;
pub mod token;
pub mod web;
pub mod web_tls;
