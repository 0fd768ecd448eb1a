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
    if folder.ends_with("release") {
        command.arg("--release");
    }
    assert!(
        command.status().expect("cargo runs").success(),
        "the programs do not build"
    );
    folder
}
