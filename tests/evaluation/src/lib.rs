//! How often the agent is right: documents whose truth is known, read by the built program, compared.
//!
//! Comes in: a seed, a number of documents, a folder, the agent's program. Goes out: precision and recall per kind and
//! per encoding. Called by `cargo evaluate` and by the story that holds the floors.
//!
//! The documents are made from `templates/`, which are written from the domain: what a town hall keeps, and what looks
//! like personal data without being any. Values come from [`beffroi_towns`], whose checksums are a second
//! implementation. Nothing here knows the detectors' words, patterns or thresholds, so that a mistake of theirs cannot
//! hide in the test. The templates of `held-out/` have other people, labels and layouts, and are written before the rules
//! are run on them; once they were worked by, they move to `known/` and others are written.

mod agent;
pub mod corpus;
mod dress;
mod encoding;
mod kinds;
mod people;
mod render;
pub mod report;
pub mod score;
mod template;
mod values;

pub use agent::scan;
pub use corpus::{Document, Family, Options, generate};
pub use kinds::{Measure, kind};
