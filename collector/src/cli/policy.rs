//! `policy`: what the agents of a town are asked to do. Data only, signed on its way out.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use beffroi_collector::model::{Actor, Policy};
use clap::Subcommand;
use jiff::Timestamp;

use super::{open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Affiche la politique d'une collectivité, au format que « set » relit.
    Show {
        #[arg(long)]
        organisation: String,
    },
    /// Remplace la politique d'une collectivité ; les agents connectés la prennent dans la minute.
    Set {
        #[arg(long)]
        organisation: String,
        /// Fichier TOML : roots, excluded_globs, include_private_folders, max_file_bytes, scan_interval_hours,
        /// disabled_detectors, processor_percent, bytes_per_second, hours_from et hours_until (« 19:00 », heure des
        /// postes), on_battery, spool_max_bytes (ce qui peut attendre sur le disque d'un poste), collectors
        /// (adresses « nom:port » du collecteur, s'il déménage : les agents les essaient d'abord, puis l'ancienne) ; tout est facultatif.
        file: PathBuf,
    },
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    match verb {
        Verb::Show { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let policy = store.of(organisation.id).policy().await?;
            println!("# {}, version {}", organisation.name, policy.version);
            print!("{}", toml::to_string(&policy)?);
        }
        Verb::Set { organisation, file } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("impossible de lire {}", file.display()))?;
            let policy: Policy = toml::from_str(&text)
                .with_context(|| format!("{} est incorrecte", file.display()))?;
            let relative = policy.roots.iter().find(|root| !is_absolute(root));
            ensure!(
                relative.is_none(),
                "« {} » n'est pas un chemin absolu",
                relative.map_or("", String::as_str)
            );
            ensure!(
                policy.hours_from.is_some() == policy.hours_until.is_some(),
                "hours_from et hours_until vont ensemble : il faut les deux, ou aucune"
            );
            ensure!(
                policy.processor_percent <= 100,
                "processor_percent = {} : il faut entre 1 et 100, ou 0 pour laisser le choix aux agents",
                policy.processor_percent
            );
            let wrong = policy
                .collectors
                .iter()
                .find(|address| !is_address(address));
            ensure!(
                wrong.is_none(),
                "« {} » n'est pas une adresse de collecteur ; attendu : nom:port",
                wrong.map_or("", String::as_str)
            );
            let policy = store
                .of(organisation.id)
                .set_policy(policy, Actor::Operator, Timestamp::now())
                .await?;
            println!(
                "{} : politique version {}",
                organisation.name, policy.version
            );
        }
    }
    Ok(())
}

/// On the agent's system, which may be Windows: `C:\…` and `\\server\…` too.
fn is_absolute(root: &str) -> bool {
    let drive = root.as_bytes();
    root.starts_with('/')
        || root.starts_with(r"\\")
        || matches!(drive, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

fn is_address(address: &str) -> bool {
    let parts = address.rsplit_once(':');
    parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}
