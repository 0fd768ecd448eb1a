//! Detection: text and tables in, tallies of personal data out.
//!
//! A [`Detector`] is a rule file; the [`Engine`] is all of them, compiled; a [`Document`] is one file being read. On the way
//! of a byte: `sweep` marks it, the `survey` makes it an anchor, `scan` tries what may begin there, `run` reads letters and digits across `gap`s, a `template` or one of the
//! `forms` fits, the `judge` asks the `checks` and reads the words around in the `lexicon`, and the `tally` counts. A value stays in
//! this module's memory: what comes out is masked (`mask`).

mod allowed;
pub mod checks;
mod document;
mod engine;
mod examine;
mod forms;
mod found;
mod gap;
mod judge;
mod landmarks;
mod lexicon;
mod mask;
mod miss;
mod people;
mod place;
pub mod replay;
mod roster;
mod rule;
mod run;
mod scan;
mod sketch;
mod survey;
mod sweep;
mod table;
mod tally;
mod template;
mod terms;
mod vocabulary;

pub use allowed::{AllowanceId, Allowed, Subject, ValueKey};
pub use document::{Content, Document, Hidden, Part};
pub use engine::{Engine, Hit};
pub use examine::{Examination, Miss, NamedValue, Stranger};
pub use mask::Mask;
pub use place::Place;
pub use rule::{ContextWords, Detector, Example, Form, Level, Levels};
pub use tally::{ByConfidence, Sample, Tally};
pub use template::Template;
