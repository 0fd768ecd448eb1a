//! `update`: newer programs for agents. The operator signs them elsewhere; a town is offered one, ring by ring.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use beffroi_collector::{
    model::{Actor, Organisation, Package, Ring},
    packages::Packages,
    rollout::{self, Rollout, Standing},
    store::{Store, StoreError},
};
use beffroi_proto::package::{ReleaseKey, Version};
use clap::Subcommand;
use jiff::Timestamp;

use super::{open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Ajoute un programme signé, sans rien proposer encore. La signature dit ce qu'il est :
    /// minisign -Sm beffroi-agent -t 'beffroi-agent 0.2.0 linux-x86_64'
    Add {
        /// Le programme de l'agent.
        package: PathBuf,
        /// Ce que minisign a écrit [défaut : à côté du programme, .minisig en plus].
        #[arg(long)]
        signature: Option<PathBuf>,
        /// La clé publique qui l'a signé, celle de la configuration des agents : RW…, ou le fichier minisign.pub.
        #[arg(long)]
        key: String,
    },
    /// Liste les programmes ajoutés ; avec une collectivité, où en sont ses postes.
    List {
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Propose une version aux postes d'une collectivité, à la place de ce qui l'était.
    Offer {
        version: Version,
        #[arg(long)]
        organisation: String,
        /// Une étiquette de postes, ou une part (« 10% ») ; répété, dans l'ordre : chaque anneau s'ouvre quand le précédent
        /// a bien rapporté, et un seul retour en arrière arrête tout. Finir par 100% pour que tous en soient.
        #[arg(long = "ring", required = true)]
        rings: Vec<Ring>,
    },
    /// Ne propose plus rien à une collectivité ; les postes gardent la version qu'ils ont.
    Stop {
        #[arg(long)]
        organisation: String,
    },
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    match verb {
        Verb::Add {
            package,
            signature,
            key,
        } => add(data, &store, &package, signature, &key).await,
        Verb::List { organisation } => {
            for package in store.packages().await? {
                println!(
                    "{}  {}  {} octets",
                    package.version, package.platform, package.size_bytes
                );
            }
            match organisation {
                Some(name) => {
                    let organisation = organisation_named(&store, &name).await?;
                    show(&store, &organisation).await
                }
                None => Ok(()),
            }
        }
        Verb::Offer {
            version,
            organisation,
            rings,
        } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let version = version.to_string();
            let packages = store.packages().await?;
            ensure!(
                packages.iter().any(|package| package.version == version),
                "aucun programme de la version {version} ; voir : beffroi-collector update list"
            );
            let machines = store.of(organisation.id).machines().await?;
            for ring in &rings {
                let count = machines
                    .iter()
                    .filter(|machine| rollout::holds(ring, machine))
                    .count();
                println!("Anneau {ring} : {count} poste(s)");
                if count == 0 {
                    eprintln!(
                        "Attention : tant qu'aucun poste n'est dans cet anneau, les suivants ne s'ouvrent pas."
                    );
                }
            }
            store
                .of(organisation.id)
                .offer_update(&version, rings, Actor::Operator, Timestamp::now())
                .await?;
            println!("{} : version {version} proposée", organisation.name);
            Ok(())
        }
        Verb::Stop { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let stopped = store
                .of(organisation.id)
                .stop_update(Actor::Operator, Timestamp::now())
                .await;
            match stopped {
                Err(StoreError::NotFound) => bail!("rien n'est proposé à {}", organisation.name),
                stopped => println!(
                    "{} : la version {} n'est plus proposée",
                    organisation.name, stopped?.version
                ),
            }
            Ok(())
        }
    }
}

async fn add(
    data: &Path,
    store: &Store,
    program: &Path,
    signature: Option<PathBuf>,
    key: &str,
) -> anyhow::Result<()> {
    let key = match std::fs::read_to_string(key) {
        Ok(text) => ReleaseKey::parse(&text)?,
        Err(_) => ReleaseKey::parse(key)?,
    };
    let path = signature.unwrap_or_else(|| {
        let mut beside = program.as_os_str().to_owned();
        beside.push(".minisig");
        beside.into()
    });
    let signature = std::fs::read_to_string(&path)
        .with_context(|| format!("impossible de lire la signature {}", path.display()))?;
    let named = beffroi_proto::package::Package::named_by(&signature)?;
    let known = store
        .package(&named.version.to_string(), &named.platform)
        .await;
    ensure!(
        matches!(known, Err(StoreError::NotFound)),
        "{named} est déjà là : une version signée ne change pas, signez-en une plus récente"
    );
    let (package, size_bytes) = Packages::of(data).add(program, &signature, &key)?;
    store
        .add_package(&Package {
            version: package.version.to_string(),
            platform: package.platform.clone(),
            size_bytes,
            signature,
            added_at: Timestamp::now(),
        })
        .await?;
    println!("{package} : ajouté, proposé à personne encore");
    Ok(())
}

async fn show(store: &Store, organisation: &Organisation) -> anyhow::Result<()> {
    let store = store.of(organisation.id);
    let Some(offer) = store.update_offer().await? else {
        println!("{} : rien n'est proposé", organisation.name);
        return Ok(());
    };
    let machines = store.machines().await?;
    let upgrades = store.upgrades(&offer.version).await?;
    let rollout = Rollout::new(&offer, &machines, &upgrades);
    let halted = if rollout.is_halted {
        ", arrêtée par un retour en arrière"
    } else {
        ""
    };
    println!(
        "{} : version {} proposée{halted}",
        organisation.name, offer.version
    );
    for (rank, ring) in offer.rings.iter().enumerate() {
        let count = machines
            .iter()
            .filter(|machine| rollout::holds(ring, machine))
            .count();
        let state = if rank < rollout.open {
            "ouvert"
        } else {
            "attend"
        };
        println!("  anneau {ring} : {state}, {count} poste(s)");
    }
    for machine in &machines {
        let standing = word(rollout.standing(machine));
        let reason = rollout.reason(machine.id);
        println!(
            "  {}  {}  {standing}{}",
            machine.host_name,
            machine.agent_version,
            after(reason)
        );
    }
    Ok(())
}

fn after(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" : {reason}")
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::UpToDate => "à jour",
        Standing::OnTrial => "à l'essai",
        Standing::Behind => "en retard",
        Standing::Waits => "attend son anneau",
        Standing::Refused => "refuse",
        Standing::RolledBack => "retour à la version précédente",
        Standing::Revoked => "accès retiré",
    }
}
