//! `move`: the collector answers at another address. It must show the authority of the enrolment, and know this agent.

use beffroi_agent::{
    config::Config, exit::Exit, identity::Identity, state::StateFolder, transport,
};
use beffroi_rules::files::RuleFiles;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Nouvelle adresse du collecteur, nom:port.
    #[arg(long, value_name = "NOM:PORT", env = "BEFFROI_COLLECTOR")]
    collector: String,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<Exit> {
    let state = StateFolder::open(&config.agent.state)?;
    // One at work would write the old address again with its next certificate.
    let _lock = state.lock()?;
    let identity = Identity::load(&state)?;
    let (collector, proxy) = (&arguments.collector, &config.network.proxy);
    let rules = RuleFiles::embedded().version();
    super::runtime()?.block_on(transport::greet(&identity, collector, proxy, &rules))?;
    identity.moved(collector.clone()).save(&state)?;
    println!("Le collecteur de cet agent est désormais {collector}.");
    Ok(Exit::Success)
}
