//! `token`: the one-time tokens that bring machines in.

use std::{path::Path, time::Duration};

use beffroi_collector::token;
use clap::{Subcommand, value_parser};
use jiff::{Timestamp, tz::TimeZone};

use super::{load_authority, open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Crée un jeton à usage unique et l'affiche, une seule fois.
    Create {
        /// Nom ou identifiant de la collectivité.
        #[arg(long)]
        organisation: String,
        /// Étiquette libre, reprise sur la machine (« accueil », « serveur »…).
        #[arg(long)]
        tag: Option<String>,
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
            valid_hours,
        } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let (text, secret_hash) = token::generate(load_authority(data)?.pin());
            let expires_at = now + Duration::from_secs(u64::from(valid_hours) * 3600);
            store
                .of(organisation.id)
                .create_token(secret_hash, tag.as_deref(), expires_at, now)
                .await?;
            println!("{}", text.as_str());
            let name = config
                .agents
                .names
                .first()
                .map_or("COLLECTEUR", String::as_str);
            eprintln!(
                "Pour {}, une machine, avant le {} :\n  beffroi-agent enrol --collector {name}:{} --token …",
                organisation.name,
                local(expires_at),
                config.agents.listen.port()
            );
        }
        Verb::List { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            for token in store.of(organisation.id).tokens().await? {
                let state = match (token.used_at, token.used_by) {
                    (Some(at), Some(machine)) => format!("utilisé le {} par {machine}", local(at)),
                    _ if token.expires_at < now => "expiré".to_owned(),
                    _ => format!("valable jusqu'au {}", local(token.expires_at)),
                };
                println!(
                    "{}  {}  {state}",
                    token.id,
                    token.tag.as_deref().unwrap_or("-")
                );
            }
        }
    }
    Ok(())
}

fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%d/%m/%Y %H:%M")
        .to_string()
}
