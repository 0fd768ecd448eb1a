//! The agent as a service of systemd.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAM: &str = "/usr/local/bin/beffroi-agent";
/// Where the package of Debian puts it.
const PACKAGED: &str = "/usr/bin/beffroi-agent";
const UNIT_FILE: &str = "/etc/systemd/system/beffroi-agent.service";
const UNIT: &str = "beffroi-agent.service";
const TEMPLATE: &str = include_str!("../../../beffroi-agent.service");

/// Copies this program where only root writes, unless a package did, has systemd run it with `arguments` at each start, and
/// starts it. One that is there is replaced. Where the program is.
pub fn install_service(arguments: &[OsString]) -> io::Result<PathBuf> {
    let ours = env::current_exe()?;
    let program = if ours == Path::new(PACKAGED) {
        ours
    } else {
        copy_to(&ours, Path::new(PROGRAM))?;
        PathBuf::from(PROGRAM)
    };
    fs::write(UNIT_FILE, unit(&program, arguments)?)?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", UNIT])?;
    systemctl(&["restart", UNIT])?;
    Ok(program)
}

/// Stops the service and removes it; none is no error.
pub fn remove_service() -> io::Result<()> {
    if Path::new(UNIT_FILE).exists() {
        systemctl(&["disable", "--now", UNIT])?;
        fs::remove_file(UNIT_FILE)?;
        systemctl(&["daemon-reload"])?;
    }
    Ok(())
}

/// Removes what [`install_service`] copied.
pub fn remove_program() -> io::Result<()> {
    match fs::remove_file(PROGRAM) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Does the work until the end; systemd asks nothing else of a service.
pub fn serve(work: impl FnOnce() -> u8 + Send + 'static) -> io::Result<()> {
    work();
    Ok(())
}

fn unit(program: &Path, arguments: &[OsString]) -> io::Result<String> {
    let arguments = arguments.iter().map(|argument| quoted(argument.to_str()));
    let arguments: Vec<String> = arguments.collect::<io::Result<_>>()?;
    let lines = TEMPLATE.lines().filter(|line| !line.starts_with("# @"));
    let mut unit = String::new();
    for line in lines {
        let line = line.replace("@PROGRAM@", &quoted(program.to_str())?);
        unit.push_str(&line.replace("@ARGUMENTS@", &arguments.join(" ")));
        unit.push('\n');
    }
    Ok(unit)
}

/// systemd.service(5), « COMMAND LINES »: quotation marks, `\`, `%` and `$` have a meaning.
fn quoted(text: Option<&str>) -> io::Result<String> {
    let text = text.filter(|text| !text.contains(char::is_control));
    let text = text.ok_or(io::ErrorKind::InvalidFilename)?;
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let text = text.replace('%', "%%").replace('$', "$$");
    Ok(format!("\"{text}\""))
}

/// A program that runs is replaced by name: what runs keeps the old one.
fn copy_to(ours: &Path, program: &Path) -> io::Result<()> {
    if ours == program {
        return Ok(());
    }
    let beside = program.with_extension("new");
    fs::copy(ours, &beside)?;
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o755))?;
    fs::rename(&beside, program)
}

fn systemctl(arguments: &[&str]) -> io::Result<()> {
    let output = Command::new("systemctl")
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_runs_the_program_with_its_arguments() {
        let arguments = ["--config", "/etc/à \"part\" 100%/$a.toml", "service"].map(Into::into);
        let unit = unit(Path::new("/usr/local/bin/beffroi-agent"), &arguments).unwrap();
        let command = unit.lines().find(|line| line.starts_with("ExecStart="));
        assert_eq!(
            command,
            Some(
                "ExecStart=\"/usr/local/bin/beffroi-agent\" \"--config\" \"/etc/à \\\"part\\\" 100%%/$$a.toml\" \"service\""
            )
        );
        assert!(!unit.contains('@') || unit.contains("@system-service"));
        assert!(!unit.contains("@PROGRAM@") && !unit.contains("@ARGUMENTS@"));
    }

    #[test]
    fn every_line_of_the_unit_is_under_a_comment() {
        let mut is_commented = false;
        for line in TEMPLATE.lines() {
            is_commented = match line.chars().next() {
                Some('#') => true,
                Some('[') | None => false,
                Some(_) => {
                    let is_plain =
                        line.starts_with("Description=") || line.starts_with("WantedBy=");
                    assert!(is_commented || is_plain, "{line}");
                    true
                }
            };
        }
    }
}
