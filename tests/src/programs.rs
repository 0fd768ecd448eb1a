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
/// program it starts, it becomes the program: what is killed is that, and nothing of `faketime` stays in shared memory, where
/// the next one with the same number would stumble over it.
pub fn at_time(offset: &str) -> Vec<String> {
    static LIBRARY: OnceLock<String> = OnceLock::new();
    let library = LIBRARY.get_or_init(|| {
        let ask = || {
            let output = Command::new("faketime").args(["-f", "+0", "env"]).output();
            let variables = String::from_utf8(output.expect("faketime runs").stdout).ok()?;
            let preload = variables
                .lines()
                .find(|line| line.starts_with("LD_PRELOAD="));
            preload.map(str::to_owned)
        };
        // What earlier runs left behind may stop one or two of them.
        (0..5)
            .find_map(|_| ask())
            .expect("faketime tells its library")
    });
    let offset = format!("FAKETIME={offset}");
    vec!["env".to_owned(), library.clone(), offset]
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
