//! What holds for the project's own files: the arrows between packages and modules, the words that may not be
//! written, the paths that documents promise.

mod borders;

use std::{collections::BTreeSet, fs, sync::LazyLock};

use beffroi_tests::{
    programs::repository,
    repository::{
        File,
        document::{Promise, promises_of_markdown, promises_of_module},
        files,
        source::Source,
    },
};
use toml::{Table, Value};
use yaml_rust2::YamlLoader;

use self::borders::{BORDERS, UNFINISHED};

#[test]
fn packages_depend_on_those_that_the_arrows_allow() {
    let arrows: [(&str, &[&str]); 8] = [
        ("agent", &["beffroi-proto", "beffroi-rules"]),
        ("collector", &["beffroi-proto", "beffroi-rules"]),
        ("proto", &[]),
        ("rules", &[]),
        // The fictional towns check the detectors, so they share nothing with them.
        ("tests/towns", &[]),
        ("tests/evaluation", &["beffroi-towns"]),
        ("tests/fuzz", &["beffroi-rules"]),
        (
            "tests",
            &[
                "beffroi-agent",
                "beffroi-collector",
                "beffroi-evaluation",
                "beffroi-proto",
                "beffroi-rules",
                "beffroi-towns",
            ],
        ),
    ];

    let mut faults = Vec::new();
    for (package, allowed) in arrows {
        let manifest = manifest(&format!("{package}/Cargo.toml"));
        for dependency in dependencies(&manifest) {
            if dependency.starts_with("beffroi-") && !allowed.contains(&dependency.as_str()) {
                faults.push(format!("{package}/Cargo.toml depends on {dependency}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn modules_name_only_what_they_may_touch() {
    none(
        &BORDERS
            .iter()
            .flat_map(|border| border.crossings(&SOURCES))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_border_lies_in_a_part_that_exists() {
    let parts = BORDERS
        .iter()
        .flat_map(|border| border.within.iter().chain(border.except));
    none(
        &parts
            .filter(|part| !repository().join(part).exists())
            .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_unfinished_is_committed() {
    none(&UNFINISHED.crossings(&SOURCES));
}

#[test]
fn unfinished_work_is_found_in_tests_too() {
    let text = "#[test] #[ignore] fn f() { dbg!(1); todo!() }";
    let source = Source::read(&File {
        path: "agent/src/scan.rs".to_owned(),
        text: text.to_owned(),
    });

    assert_eq!(UNFINISHED.crossings(&[source]).len(), 3);
}

#[test]
fn paths_in_documents_exist() {
    let roots = roots();
    let documents = files(".md");
    let of_documents = documents
        .iter()
        .flat_map(|file| broken(file, promises_of_markdown(file, &roots)));
    let modules = files(".rs");
    let of_modules = modules
        .iter()
        .flat_map(|file| broken(file, promises_of_module(file, &roots)));
    none(&of_documents.chain(of_modules).collect::<Vec<_>>());
}

#[test]
fn a_path_that_does_not_exist_is_reported() {
    let file = File {
        path: "README.md".to_owned(),
        text: "`agent/src/main.rs` and\n`agent/src/nowhere.rs`".to_owned(),
    };

    let broken = broken(&file, promises_of_markdown(&file, &roots()));

    assert_eq!(broken, ["README.md:2 promises agent/src/nowhere.rs"]);
}

#[test]
fn rule_files_are_named_after_their_ids() {
    let rules = files(".toml")
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            let code = ["rules/Cargo.toml", "rules/src/", "rules/tests/"];
            path.starts_with("rules/") && !code.iter().any(|code| path.starts_with(code))
        });
    let rules = rules.collect::<Vec<_>>();

    assert!(rules.len() > 50, "only {} rules are found", rules.len());
    none(
        &rules
            .iter()
            .filter(|path| !is_kebab_case(stem(path)))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn kebab_case_is_lower_case_words_and_single_hyphens() {
    assert!(
        ["nir", "end-of-life", "windows-10"]
            .into_iter()
            .all(is_kebab_case)
    );
    assert!(
        !["NIR", "end_of_life", "fin--de-vie", "-a", "é", ""]
            .into_iter()
            .any(is_kebab_case)
    );
}

#[test]
fn the_licence_is_the_eupl() {
    let licence = fs::read_to_string(repository().join("LICENSE")).unwrap();

    assert!(licence.starts_with(
        "EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n"
    ));
    for article in 1..=15 {
        assert!(
            licence.contains(&format!("\n{article}.")),
            "article {article} is missing"
        );
    }
    assert!(
        licence.contains("Québec Free and Open-Source Licence"),
        "the appendix is missing"
    );
}

#[test]
fn the_public_description_says_the_same_as_the_workspace() {
    let text = fs::read_to_string(repository().join("publiccode.yml")).unwrap();
    let description = &YamlLoader::load_from_str(&text).unwrap()[0];
    let package = &manifest("Cargo.toml")["workspace"]["package"];

    assert_eq!(
        description["softwareVersion"].as_str(),
        package["version"].as_str()
    );
    assert_eq!(
        description["legal"]["license"].as_str(),
        package["license"].as_str()
    );
    for key in [
        "publiccodeYmlVersion",
        "name",
        "url",
        "developmentStatus",
        "softwareType",
    ] {
        assert!(description[key].as_str().is_some(), "{key} is missing");
    }
    for language in ["en", "fr"] {
        let texts = &description["description"][language];
        let short = texts["shortDescription"].as_str().unwrap().chars().count();
        let long = texts["longDescription"].as_str().unwrap().chars().count();
        assert!(
            short <= 150,
            "{language}: {short} characters are too many for a short description"
        );
        assert!(
            (150..=10_000).contains(&long),
            "{language}: {long} characters in the long description"
        );
    }
}

#[test]
fn every_package_takes_lints_version_and_licence_from_the_workspace() {
    let mut faults = Vec::new();
    for member in manifest("Cargo.toml")["workspace"]["members"]
        .as_array()
        .unwrap()
    {
        let member = member.as_str().unwrap();
        let manifest = manifest(&format!("{member}/Cargo.toml"));
        let inherits =
            |section: &Value| section.get("workspace").and_then(Value::as_bool) == Some(true);
        if !manifest.get("lints").is_some_and(inherits) {
            faults.push(format!(
                "{member}/Cargo.toml lacks [lints] workspace = true"
            ));
        }
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !manifest["package"].get(key).is_some_and(inherits) {
                faults.push(format!("{member}/Cargo.toml lacks {key}.workspace = true"));
            }
        }
    }
    none(&faults);
}

static SOURCES: LazyLock<Vec<Source>> =
    LazyLock::new(|| files(".rs").iter().map(Source::read).collect());

fn roots() -> Vec<String> {
    let entries = fs::read_dir(repository()).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn broken(file: &File, promises: Vec<Promise>) -> Vec<String> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    promises
        .into_iter()
        .filter(|promise| {
            let base = if promise.from_root {
                repository().to_owned()
            } else {
                repository().join(folder)
            };
            !base.join(&promise.path).exists()
        })
        .map(|promise| format!("{}:{} promises {}", file.path, promise.line, promise.path))
        .collect()
}

fn manifest(path: &str) -> Table {
    let text = fs::read_to_string(repository().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    text.parse()
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Of every sort: for the program, its tests, its build, one system.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let of_systems = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let sections = of_systems.filter_map(Value::as_table).chain([manifest]);
    let tables = sections.flat_map(|section| {
        kinds
            .iter()
            .filter_map(|kind| section.get(*kind)?.as_table())
    });
    tables.flat_map(Table::keys).cloned().collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap();
    name.trim_end_matches(".toml")
}

fn is_kebab_case(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    id.split('-').all(is_word)
}

/// All faults at once: whoever moves a module wants the whole list.
fn none<T: std::fmt::Display>(faults: &[T]) {
    let list = faults
        .iter()
        .map(|fault| format!("\n  {fault}"))
        .collect::<String>();
    assert!(faults.is_empty(), "{} found:{list}", faults.len());
}
