//! `install` and `uninstall`: the agent as a service of this machine; and the hidden verb that the service runs.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context;
use beffroi_agent::{
    config::Config,
    exit::Exit,
    identity::{Identity, IdentityError},
    platform,
    state::StateFolder,
};
use clap::Args;

use super::enrol::Invitation;

#[derive(Debug, Args)]
pub(super) struct Removal {
    /// Garde l'identité et la file d'attente, pour une réinstallation.
    #[arg(long)]
    keep_state: bool,
    /// Garde le programme : c'est un paquet qui l'a posé, et qui l'enlève.
    #[arg(long)]
    keep_program: bool,
}

#[derive(Debug, Args)]
pub(super) struct Installation {
    /// For a deployment: one command, which may be repeated.
    #[command(flatten)]
    invitation: Option<Invitation>,
}

/// The hidden verb of the service.
pub(super) const VERB: &str = "service";

const WHO: &str = "lancez cette commande avec un compte administrateur (root)";

pub(super) fn install(
    config: &Config,
    path: Option<&Path>,
    arguments: &Installation,
) -> anyhow::Result<Exit> {
    let state = StateFolder::open(&config.agent.state)?;
    // A service that stops at once, at each start, would be noticed by nobody.
    match (Identity::load(&state), &arguments.invitation) {
        (Ok(_), _) => (),
        // A clone of another machine too: the token makes it one of its own.
        (
            Err(
                IdentityError::NotEnrolled
                | IdentityError::OtherMachine
                | IdentityError::Damaged(_),
            ),
            Some(invitation),
        ) => invitation.accept(&state, &config.network.proxy, true)?,
        (Err(error), _) => return Err(error.into()),
    }
    let mut arguments = Vec::new();
    if let Some(path) = path {
        arguments.push(OsString::from("--config"));
        arguments.push(std::path::absolute(path)?.into_os_string());
    }
    arguments.push(VERB.into());
    let program = platform::install_service(&arguments)
        .with_context(|| format!("le service n'a pas pu être installé ; {WHO}"))?;
    println!(
        "Service installé et démarré ({}). Pour l'enlever : beffroi-agent uninstall",
        program.display()
    );
    Ok(Exit::Success)
}

pub(super) fn uninstall(config: &Config, removal: &Removal) -> anyhow::Result<Exit> {
    platform::remove_service()
        .with_context(|| format!("le service n'a pas pu être enlevé ; {WHO}"))?;
    if !removal.keep_program {
        platform::remove_program()
            .with_context(|| format!("le programme n'a pas pu être enlevé ; {WHO}"))?;
    }
    let state = &config.agent.state;
    if removal.keep_state {
        println!("Service enlevé. {} est gardé.", state.display());
        return Ok(Exit::Success);
    }
    match std::fs::remove_dir_all(state) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error)
                .with_context(|| format!("{} n'a pas pu être enlevé ; {WHO}", state.display()));
        }
        _ => println!(
            "Service et {} enlevés ; la configuration reste.",
            state.display()
        ),
    }
    Ok(Exit::Success)
}

/// Does `work` for the service manager.
pub(super) fn serve(work: impl FnOnce() -> Exit + Send + 'static) -> anyhow::Result<Exit> {
    platform::serve(move || work() as u8)
        .context("n'est pas fait pour être lancé à la main : utilisez « beffroi-agent run »")?;
    Ok(Exit::Success)
}
