//! `organisation`: the towns of this collector.

use std::path::Path;

use beffroi_collector::model::OrganisationKind;
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;

use super::open_store;

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Ajoute une collectivité.
    Create {
        /// Nom complet, par exemple « Commune de Saint-Aubin ».
        name: String,
        #[arg(long, value_enum, default_value = "commune")]
        kind: Kind,
    },
    /// Liste les collectivités : identifiant, nature, nom.
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Kind {
    Commune,
    Ccas,
    Epci,
    Syndicat,
    Other,
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    match verb {
        Verb::Create { name, kind } => {
            let organisation = store
                .create_organisation(name.trim(), kind.into(), rand::random(), Timestamp::now())
                .await?;
            println!("{}  {}", organisation.id, organisation.name);
        }
        Verb::List => {
            for organisation in store.organisations().await? {
                println!(
                    "{}  {:?}  {}",
                    organisation.id, organisation.kind, organisation.name
                );
            }
        }
    }
    Ok(())
}

impl From<Kind> for OrganisationKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Commune => Self::Commune,
            Kind::Ccas => Self::Ccas,
            Kind::Epci => Self::Epci,
            Kind::Syndicat => Self::Syndicat,
            Kind::Other => Self::Other,
        }
    }
}
