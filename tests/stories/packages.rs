//! The package for Debian: what is in it, and what its scripts ask of the program.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use beffroi_tests::programs::{program, repository};
use tempfile::TempDir;

#[test]
fn the_package_brings_the_program_and_knows_its_version() {
    let package = Package::build();
    let field = |name: &str| {
        printed(
            Command::new("dpkg-deb")
                .arg("-f")
                .arg(&package.file)
                .arg(name),
        )
    };
    assert_eq!(field("Package").trim(), "beffroi-agent");
    let version = field("Version");
    let told =
        printed(Command::new(package.folder.path().join("usr/bin/beffroi-agent")).arg("--version"));
    assert_eq!(told, format!("beffroi-agent {version}"));
}

#[test]
fn a_machine_comes_in_when_the_technician_says_where() {
    let package = Package::build();
    let invited = [("BEFFROI_COLLECTOR", "c:7443"), ("BEFFROI_TOKEN", "bfr1.x")];
    assert_eq!(
        package.asks("postinst", &["configure"], &invited),
        "install\n"
    );
    assert_eq!(package.asks("postinst", &["configure"], &[]), "");
    assert_eq!(
        package.asks("prerm", &["remove"], &[]),
        "uninstall --keep-program --keep-state\n"
    );
    assert_eq!(package.asks("prerm", &["upgrade", "0.2.0"], &[]), "");
}

/// The package, and what is in it.
struct Package {
    folder: TempDir,
    file: PathBuf,
}

impl Package {
    fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("beffroi-agent.deb");
        printed(
            Command::new(repository().join("agent/packages/deb"))
                // Quick to make rather than small.
                .env("DPKG_DEB_COMPRESSOR_TYPE", "none")
                .args([&program("beffroi-agent"), &file]),
        );
        printed(
            Command::new("dpkg-deb")
                .arg("-R")
                .arg(&file)
                .arg(folder.path().join("x")),
        );
        for part in fs::read_dir(folder.path().join("x")).unwrap() {
            let part = part.unwrap();
            fs::rename(part.path(), folder.path().join(part.file_name())).unwrap();
        }
        Self { folder, file }
    }

    /// What a script of the package asks of the program.
    fn asks(&self, script: &str, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let stubs = tempfile::tempdir().unwrap();
        let asked = stubs.path().join("asked");
        stub(stubs.path(), "beffroi-agent", &asked);
        stub(stubs.path(), "systemctl", &stubs.path().join("systemd"));
        let path = format!("{}:/usr/bin:/bin", stubs.path().display());
        printed(
            Command::new(self.folder.path().join("DEBIAN").join(script))
                .args(arguments)
                .env_clear()
                .env("PATH", path)
                .envs(environment.iter().copied()),
        );
        fs::read_to_string(asked).unwrap_or_default()
    }
}

/// A program that writes down what it is asked.
fn stub(folder: &Path, name: &str, asked: &Path) {
    let program = folder.join(name);
    let script = format!("#!/bin/sh\necho \"$*\" >> '{}'\n", asked.display());
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
