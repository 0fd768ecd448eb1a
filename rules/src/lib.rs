//! The rule packs, as data, and the engine that loads, checks and applies them.
//!
//! Pure functions over bytes, text and facts: the code that runs in towns replays the examples written in the rules.

pub mod activities;
pub mod condition;
pub mod confidence;
pub mod detect;
pub mod facts;
pub mod files;
pub mod gaps;
pub mod glossary;
pub mod kinds;
pub mod lists;
pub mod load;
pub mod pack;
pub mod proposals;
pub mod replay;
pub mod software;
pub mod text;
