//! `agent`: the machines of a town, from the operator's side.

use std::path::Path;

use beffroi_collector::model::{Actor, MachineId};
use clap::Subcommand;
use jiff::{Timestamp, tz::TimeZone};

use super::{open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Liste les agents d'une collectivité.
    List {
        #[arg(long)]
        organisation: String,
    },
    /// Révoque un agent : le collecteur ne lui répond plus. Ce qu'il a rapporté reste.
    Revoke {
        #[arg(long)]
        organisation: String,
        /// Identifiant donné par « list ».
        agent: MachineId,
    },
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    match verb {
        Verb::List { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            for machine in store.of(organisation.id).machines().await? {
                let seen = match (machine.revoked_at, machine.last_seen_at) {
                    (Some(_), _) => "révoqué".to_owned(),
                    (None, None) => "jamais vu".to_owned(),
                    (None, Some(at)) => {
                        let at = at.to_zoned(TimeZone::system());
                        format!("vu le {}", at.strftime("%d/%m/%Y %H:%M"))
                    }
                };
                println!(
                    "{}  {}  {}  {seen}",
                    machine.id, machine.host_name, machine.agent_version
                );
            }
        }
        Verb::Revoke {
            organisation,
            agent,
        } => {
            let organisation = organisation_named(&store, &organisation).await?;
            store
                .of(organisation.id)
                .revoke_machine(agent, Actor::Operator, Timestamp::now())
                .await?;
            println!("{agent} : révoqué");
        }
    }
    Ok(())
}
