//! Who never touches what: the table of modules in ARCHITECTURE.md, for a machine.

use beffroi_tests::repository::border::Border;

/// Who never touches what.
pub(super) const BORDERS: &[Border] = &[
    // Both programs.
    border(
        &["agent/src"],
        &["beffroi_collector"],
        "agent and collector never import each other",
    ),
    border(
        &["collector/src"],
        &["beffroi_agent"],
        "agent and collector never import each other",
    ),
    border(
        &["agent", "collector", "proto", "rules", "tests"],
        &["unsafe"],
        "unsafe code is where the system is called, and where vector instructions are",
    )
    .except(&["agent/src/platform", "rules/src/detect/sweep/avx2.rs"]),
    // Rules: pure functions over bytes, text and facts.
    // An IP address in a text is read by the standard library.
    border(&["rules/src"], NETWORK, "rules know no network")
        .except(&["rules/src/detect/forms/ip.rs"]),
    border(
        &["rules/src"],
        CLOCK,
        "rules know no clock: the day is an argument",
    ),
    border(
        &["rules/src"],
        OPERATING_SYSTEM,
        "rules are the same on every system",
    ),
    border(
        &["rules/src"],
        &["tokio", "std::env", "std::process", "std::thread"],
        "rules are pure and not async",
    ),
    border(
        &["rules/src"],
        &["std::fs", "walkdir"],
        "only the loading of packs reads the disk",
    )
    .except(&[
        "rules/src/files.rs",
        "rules/src/pack.rs",
        "rules/src/load.rs",
    ]),
    // Agent.
    border(
        &["agent/src"],
        OPERATING_SYSTEM,
        "only the platform folder knows on which system it runs",
    )
    .except(&["agent/src/platform"]),
    border(
        &["agent/src/extract"],
        &["crate", "beffroi_rules", "beffroi_proto"],
        "extract knows a reader and limits only",
    )
    .but(&["crate::extract"]),
    border(
        &["agent/src/extract"],
        &["std::path", "std::fs", "std::env", "tokio"],
        "extract knows no paths and no disk",
    ),
    border(&["agent/src/scan"], NETWORK, "scan knows no network"),
    border(
        &["agent/src/scan"],
        &["crate::transport", "crate::spool", "beffroi_proto"],
        "scan knows no wire and no spool",
    ),
    border(
        &["agent/src/spool"],
        NETWORK,
        "the spool knows a folder, no network",
    ),
    border(
        &["agent/src/spool"],
        &["beffroi_proto", "beffroi_rules", "prost"],
        "the spool does not know what its bytes mean",
    ),
    border(
        &["agent/src/transport"],
        &["crate::scan", "crate::extract", "beffroi_rules", "walkdir"],
        "transport knows neither scanned files nor rules",
    ),
    // Collector.
    border(&["collector/src"], SQL, "SQL is written in the store").except(&["collector/src/store"]),
    border(&["collector/src"], &["askama"], "HTML is written in web")
        .except(&["collector/src/web"]),
    border(
        &["collector/src"],
        &["beffroi_proto"],
        "wire types stop where the agents' messages come in",
    )
    .except(&[
        "collector/src/ingest",
        "collector/src/enrol.rs",
        "collector/src/cli/serve.rs",
        // The words before a signed policy are the same for who signs and who checks.
        "collector/src/authority.rs",
    ])
    // What a signed package is, and what makes two machines one, both sides read the same way.
    .but(&["beffroi_proto::package", "beffroi_proto::marks"]),
    border(
        &["collector/src/model"],
        &["crate", "beffroi_rules", "axum", "tokio"],
        "the model knows itself only",
    )
    .but(&["crate::model"]),
    border(
        &["collector/src/store"],
        &["crate", "beffroi_rules", "axum"],
        "the store knows the model, and nothing of rules or pages",
    )
    .but(&["crate::store", "crate::model"]),
    border(
        &["collector/src/ingest"],
        &["beffroi_rules", "axum", "crate::web", "crate::knowledge"],
        "ingest knows neither rules nor pages",
    ),
    border(
        &["collector/src/knowledge"],
        &["crate"],
        "knowledge is model in, proposals out",
    )
    .but(&["crate::knowledge", "crate::model"]),
    border(
        &["collector/src/knowledge"],
        CLOCK,
        "knowledge knows no clock: the day is an argument",
    ),
    border(
        &["collector/src/knowledge"],
        NETWORK,
        "knowledge knows no network",
    ),
    border(
        &["collector/src/knowledge"],
        &["tokio", "std::fs", "std::env", "rand", "uuid"],
        "knowledge is pure",
    ),
    border(
        &["collector/src/web"],
        &["crate::knowledge", "crate::ingest"],
        "pages show what is stored and compute nothing",
    ),
];

pub(super) const UNFINISHED: Border = Border {
    within: &["agent", "collector", "proto", "rules", "tests"],
    except: &[],
    never: &["todo!", "unimplemented!", "dbg!", "#[ignore]"],
    but: &[],
    because: "what is committed is finished, and every test runs",
};

const SQL: &[&str] = &["sea_orm", "sea_query", "sqlx"];
const NETWORK: &[&str] = &[
    "std::net",
    "tokio::net",
    "tonic",
    "hyper_util",
    "reqwest",
    "rustls",
    "tokio_rustls",
];
const CLOCK: &[&str] = &[
    "std::time::SystemTime",
    "std::time::Instant",
    "Timestamp::now",
    "Zoned::now",
];
const OPERATING_SYSTEM: &[&str] = &[
    "cfg(target_os)",
    "cfg(target_family)",
    "cfg(unix)",
    "cfg(windows)",
    "std::os",
    "rustix",
    "windows",
    "windows_sys",
];

const fn border(
    within: &'static [&'static str],
    never: &'static [&'static str],
    because: &'static str,
) -> Border {
    Border {
        within,
        except: &[],
        never,
        but: &[],
        because,
    }
}
