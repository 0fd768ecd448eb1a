//! The process that reads files for the agent, and the agent's side of it.
//!
//! Every file is hostile until read: what parses it runs in a process of its own that can do nothing but read what it was
//! handed and answer ([`crate::platform::confine`]). It is this same program under a hidden verb, started once and kept
//! for many files. One that dies, hangs or answers nonsense costs one file; another is started for the next.
//!
//! ```text
//! agent                                  worker
//!   ── opened file, its size, limit ──►
//!                                          extract
//!   ◄── segments … outcome ──────────
//! ```
//!
//! `frame` is what travels, `serve` the worker's side, `client` the agent's: called by `scan` and the command line.

mod client;
mod frame;
mod serve;

pub use client::{Answer, End, Loss, Worker, WorkerError};
pub use serve::serve;

/// The hidden verb of the command line that ends in [`serve`].
pub const VERB: &str = "read-files";

/// Raised with every change that may read what could not be read before.
pub const EXTRACTOR_VERSION: u32 = 11;

/// How many files one process reads, so that what one file broke without a trace does not last.
const FILES_PER_PROCESS: u32 = 2_000;

/// All that the process may take; with the agent's own this stays below 300 MB.
const MEMORY_BYTES: u64 = 224 * 1024 * 1024;

/// Processor time for one file: this, and a second for each so many bytes of it.
const PROCESSOR_SECONDS: u64 = 60;
const BYTES_PER_PROCESSOR_SECOND: u64 = 4 * 1024 * 1024;

fn processor_seconds(size_bytes: u64) -> u64 {
    PROCESSOR_SECONDS + size_bytes / BYTES_PER_PROCESSOR_SECOND
}
