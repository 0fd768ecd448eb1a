//! The rules built into the program.

use anyhow::anyhow;
use beffroi_rules::detect::Engine;
use beffroi_rules::load::Diagnostic;
use beffroi_rules::pack::Pack;

pub(crate) fn engine() -> anyhow::Result<Engine> {
    Engine::embedded().map_err(|errors| first(&errors))
}

pub(crate) fn pack() -> anyhow::Result<Pack> {
    Pack::embedded().map_err(|errors| first(&errors))
}

fn first(errors: &[Diagnostic]) -> anyhow::Error {
    match errors.first() {
        Some(error) => anyhow!("les règles du programme sont incorrectes : {error}"),
        None => anyhow!("les règles du programme sont incorrectes"),
    }
}
