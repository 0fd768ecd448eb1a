//! A fictional French commune, its people and its file share, made from a seed.
//!
//! Comes in: a seed, a number of inhabitants, an empty folder. Goes out: the share, byte for byte the same for the same
//! options, and the [`Manifest`] of what was planted in it. Called by the demo, by the end-to-end stories and by the
//! `towns` program. It depends on no other package of the project: its checksums are a second, independent
//! implementation, so that a mistake in the detectors cannot hide in the fixtures.
//!
//! Nobody real can be found in a town: the commune numbers inside the NIRs are not attributed, telephones lie in the
//! ranges that Arcep reserves for fiction, mailboxes end in `.example` or in the domain of the invented commune.

pub mod checksum;
mod day;
mod dice;
mod encoding;
mod leak;
mod manifest;
mod mark;
mod names;
mod numbers;
mod page;
mod people;
mod services;
mod table;
mod town;

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

pub use day::Day;
pub use dice::Dice;
pub use encoding::Encoding;
pub use leak::{LeakSearch, Needle, written_forms};
pub use manifest::{Controller, Expected, Manifest, TownFile, Verdict};
pub use mark::{Decoy, Kind, Planted};
pub use people::Person;
pub use town::Commune;

use page::Page;
use town::Town;

/// Fewer people than this and the lists of the services would repeat the same few names.
const FEWEST_PEOPLE: usize = 60;

#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub seed: u64,
    pub people: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            people: 400,
        }
    }
}

/// Writes the share into `folder`, which must be empty or absent, and says what is in it.
pub fn generate(options: &Options, folder: &Path) -> anyhow::Result<Manifest> {
    ensure!(
        options.people >= FEWEST_PEOPLE,
        "a town needs at least {FEWEST_PEOPLE} people, not {}",
        options.people
    );
    ensure_empty(folder)?;

    let town = Town::found(options.seed, options.people);
    let mut files = Vec::new();
    for page in services::share(&town) {
        files.push(lay_down(page, folder)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Manifest::new(options.seed, town, files))
}

fn ensure_empty(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    ensure!(
        entries.next().is_none(),
        "{} is not empty: a town is only built on bare ground",
        folder.display()
    );
    Ok(())
}

fn lay_down(page: Page, folder: &Path) -> anyhow::Result<TownFile> {
    let path = folder.join(&page.path);
    let (bytes, file) = page.finish()?;
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(file)
}
