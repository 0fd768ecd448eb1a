//! Compiles the `.proto` files with a pure-Rust compiler, so that a fresh clone needs no protoc.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files =
        ["identity.proto", "report.proto", "uplink.proto"].map(|name| format!("beffroi/v1/{name}"));
    println!("cargo:rerun-if-changed=beffroi");
    let descriptors = protox::compile(files, ["."])?;
    tonic_prost_build::configure()
        // `show-report` and the tests print exactly what travels, as JSON.
        .type_attribute(".", "#[derive(serde::Serialize)]")
        .compile_fds(descriptors)?;
    Ok(())
}
