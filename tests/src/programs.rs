//! The programs under test, built once per test process.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// `beffroi-agent` or `beffroi-collector`, built with the profile of this test.
pub fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(build).join(name)
}

/// What a program is wrapped in to live at another time, for instance « +400d ». Unlike `faketime` itself, which waits for the
/// program it starts, it becomes the program: what is killed is that.
pub fn at_time(offset: &str) -> Vec<String> {
    let output = Command::new("faketime")
        .args(["-f", offset, "env"])
        .output();
    let output = output.expect("faketime runs").stdout;
    let variables = String::from_utf8(output).expect("UTF-8");
    let of_time = |line: &&str| line.starts_with("LD_PRELOAD=") || line.starts_with("FAKETIME=");
    let mut wrapper = vec!["env".to_owned()];
    wrapper.extend(variables.lines().filter(of_time).map(str::to_owned));
    assert_eq!(wrapper.len(), 3, "{variables}");
    wrapper
}

/// The project's root folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the project")
}

/// Cargo's folder for what it builds, `target/`.
pub fn target() -> PathBuf {
    own_folder().parent().expect("target/").to_owned()
}

/// target/<profile>, of target/<profile>/deps/stories-… or target/<profile>/demo.
fn own_folder() -> PathBuf {
    let myself = std::env::current_exe().expect("own path");
    let mut folder = myself.parent().expect("a folder").to_owned();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder
}

/// Cargo makes the binaries of other packages only when asked to. `tests/run` has them made with the tests and says
/// where (`BEFFROI_PROGRAMS`); else they are built here, with the features of this package so that nothing is compiled
/// twice.
fn build() -> PathBuf {
    if let Some(folder) = std::env::var_os("BEFFROI_PROGRAMS") {
        return folder.into();
    }
    let folder = own_folder();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(repository())
        .args(["build", "--quiet", "--bins"]);
    for package in ["beffroi-agent", "beffroi-collector", "beffroi-tests"] {
        command.args(["--package", package]);
    }
    command.env("CARGO_TARGET_DIR", target());
    // Cargo tells a test of which package it is; ring would be built anew for that, and all that stands on it.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    if folder.ends_with("release") {
        command.arg("--release");
    }
    assert!(
        command.status().expect("cargo runs").success(),
        "the programs do not build"
    );
    folder
}
