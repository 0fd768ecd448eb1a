//! `token`: what brings machines in, each once.

use std::{path::Path, time::Duration};

use beffroi_collector::{store::NewToken, token};
use clap::{Subcommand, value_parser};
use jiff::{Timestamp, tz::TimeZone};

use super::{load_authority, open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Crée un jeton et l'affiche, une seule fois.
    Create {
        /// Nom ou identifiant de la collectivité.
        #[arg(long)]
        organisation: String,
        /// Étiquette libre, reprise sur la machine (« accueil », « serveur »…).
        #[arg(long)]
        tag: Option<String>,
        /// Nombre de machines que le jeton peut enrôler, chacune une fois : 1, ou le parc d'un déploiement.
        #[arg(long, value_name = "NOMBRE", default_value_t = 1, value_parser = value_parser!(u32).range(1..=10_000))]
        machines: u32,
        /// Durée de validité, en heures.
        #[arg(long, value_name = "HEURES", default_value_t = 72, value_parser = value_parser!(u32).range(1..=8760))]
        valid_hours: u32,
    },
    /// Liste les jetons d'une collectivité et ce qu'ils sont devenus.
    List {
        #[arg(long)]
        organisation: String,
    },
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (config, store) = open_store(data).await?;
    let now = Timestamp::now();
    match verb {
        Verb::Create {
            organisation,
            tag,
            machines,
            valid_hours,
        } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let (text, secret_hash) = token::generate(load_authority(data)?.pin());
            let expires_at = now + Duration::from_secs(u64::from(valid_hours) * 3600);
            store
                .of(organisation.id)
                .create_token(
                    NewToken {
                        secret_hash,
                        tag: tag.as_deref(),
                        machines,
                        expires_at,
                    },
                    now,
                )
                .await?;
            println!("{}", text.as_str());
            let name = config
                .agents
                .names
                .first()
                .map_or("COLLECTEUR", String::as_str);
            eprintln!(
                "Pour {}, {}, avant le {} :\n  beffroi-agent enrol --collector {name}:{} --token …",
                organisation.name,
                machines_in_words(machines.into()),
                local(expires_at),
                config.agents.listen.port()
            );
        }
        Verb::List { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            for token in store.of(organisation.id).tokens().await? {
                let is_spent = token.redemptions.len() as u64 >= token.machines;
                let state = if is_spent {
                    "utilisé".to_owned()
                } else if token.expires_at < now {
                    "expiré".to_owned()
                } else {
                    format!("valable jusqu'au {}", local(token.expires_at))
                };
                println!(
                    "{}  {}  {} sur {}  {state}",
                    token.id,
                    token.tag.as_deref().unwrap_or("-"),
                    token.redemptions.len(),
                    machines_in_words(token.machines),
                );
                for used in token.redemptions {
                    println!("  {}  {}", local(used.at), used.machine);
                }
            }
        }
    }
    Ok(())
}

fn machines_in_words(count: u64) -> String {
    match count {
        1 => "une machine".to_owned(),
        more => format!("{more} machines"),
    }
}

fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%d/%m/%Y %H:%M")
        .to_string()
}
