//! Starts a newer program instead of this one, and takes its place back when it does not report.
//!
//! In: what [`Updates`] chose, the arguments of the service. Out: the code that the newer program ended with; nothing when this
//! program is to work itself. One that has reported takes over this process. One on trial is started beside it, watched until
//! it has reported or its time is over: also a program that does nothing at all is noticed. That time is counted while it runs,
//! start by start: a machine may be switched off meanwhile, and its clock may be wrong.

use std::ffi::OsString;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};

use super::store::{Choice, Taken, Updates};
use crate::platform;

/// Only `Some` if a newer program has worked instead of this one, until it ended with that code.
pub async fn start_newer(updates: &Updates, arguments: &[OsString]) -> Option<u8> {
    loop {
        match updates.choose() {
            Choice::Ourselves => return None,
            Choice::Current(current) => {
                let reason = match updates.ready(&current) {
                    Ok(program) => platform::become_program(&program, arguments).to_string(),
                    Err(refusal) => refusal.to_string(),
                };
                give_up(updates, &current, reason)?;
            }
            Choice::Trial(trial) => match try_it(updates, &trial.program, arguments).await {
                Ok(code) => return Some(code),
                Err(Failure::Program(reason)) => give_up(updates, &trial.program, reason)?,
                // It stays on trial: the disk is full, for one.
                Err(Failure::State(error)) => {
                    tracing::error!("la nouvelle version attend : {error}");
                    return None;
                }
            },
        }
    }
}

enum Failure {
    /// Of the program on trial.
    Program(String),
    State(crate::state::StateError),
}

fn give_up(updates: &Updates, program: &Taken, reason: String) -> Option<()> {
    let noted = updates.roll_back(&program.version, reason);
    // Who cannot note it would try for ever.
    noted.inspect_err(|error| tracing::error!("{error}")).ok()
}

async fn try_it(updates: &Updates, program: &Taken, arguments: &[OsString]) -> Result<u8, Failure> {
    let path = updates
        .ready(program)
        .map_err(|refusal| Failure::Program(refusal.to_string()))?;
    let count = updates.count_start().map_err(Failure::State)?;
    let Some(count) = count else {
        let reason = "n'a rien rapporté après plusieurs démarrages";
        return Err(Failure::Program(reason.to_owned()));
    };
    tracing::info!(
        "la version {} est à l'essai, démarrage {count}",
        program.version
    );
    let child = start(&path, arguments)
        .map_err(|error| Failure::Program(format!("ne démarre pas : {error}")))?;
    watch(updates, program, child).await
}

fn start(program: &Path, arguments: &[OsString]) -> std::io::Result<Child> {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
}

async fn watch(updates: &Updates, program: &Taken, mut child: Child) -> Result<u8, Failure> {
    let minutes = updates.settings.patience.as_secs() / 60;
    let time_is_over = tokio::time::sleep(updates.settings.patience);
    let stop = platform::stop_signal();
    tokio::pin!(time_is_over, stop);
    let mut is_asked = false;
    let mut has_reported = false;
    loop {
        let ended = tokio::select! {
            ended = child.wait() => ended,
            () = &mut time_is_over, if !has_reported => {
                has_reported = updates.has_reported(&program.version);
                if has_reported {
                    continue;
                }
                let _ = child.kill().await;
                if updates.has_reported(&program.version) {
                    // At the last moment: the service manager starts it again.
                    return Ok(1);
                }
                return Err(Failure::Program(format!("n'a rien rapporté en {minutes} minutes")));
            }
            _ = &mut stop, if !is_asked => {
                is_asked = true;
                platform::ask_to_stop(&child);
                continue;
            }
        };
        let code = ended.as_ref().ok().and_then(ExitStatus::code);
        let code = code.and_then(|code| u8::try_from(code).ok());
        if is_asked || updates.has_reported(&program.version) {
            return Ok(code.unwrap_or(1));
        }
        let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        let reason = format!("s'est arrêtée sans avoir rien rapporté ({how})");
        return Err(Failure::Program(reason));
    }
}
