//! `install` and `uninstall`: the agent as a service of this machine; and the hidden verb that the service runs.

use std::ffi::OsString;
use std::path::Path;
use std::sync::mpsc;

use anyhow::Context;
use beffroi_agent::{
    config::Config,
    exit::Exit,
    identity::{Identity, IdentityError},
    platform,
    state::StateFolder,
    update::{self, Updates},
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

/// How the hidden verb was started.
#[derive(Debug, Args)]
pub(super) struct Role {
    /// By an installed program, which looks after this one: it starts none itself.
    #[arg(long, hide = true)]
    started: bool,
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
        // A clone of another machine asks for an identity of its own when it starts.
        (Ok(_), _) | (Err(IdentityError::OtherMachine), None) => (),
        // With a token it has one at once.
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

/// Starts the newer program that there may be; the code that it ended with. None: this one is to work.
pub(super) fn start_newer(config: &Config, role: &Role) -> anyhow::Result<Option<Exit>> {
    if role.started {
        return Ok(None);
    }
    let state = StateFolder::open(&config.agent.state)?;
    let updates = Updates::new(&state, config.update.settings());
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    arguments.push("--started".into());
    let ended = super::runtime()?.block_on(update::start_newer(&updates, &arguments));
    Ok(ended.map(Exit::of_code))
}

/// Does `work` for the service manager.
pub(super) fn serve(work: impl FnOnce() -> Exit + Send + 'static) -> anyhow::Result<Exit> {
    let (tell, told) = mpsc::sync_channel(1);
    platform::serve(move || {
        let exit = work();
        // Nobody listens any more when the service manager was lost.
        let _ = tell.send(exit);
        exit as u8
    })
    .context("n'est pas fait pour être lancé à la main : utilisez « beffroi-agent run »")?;
    told.recv().context("le service n'a rien fait")
}
