//! The pages with an invented town, to look at while working on templates: no agent, no certificate.
//!
//! `cargo run -p beffroi-collector --example pages`, then http://127.0.0.1:8089/, « dpo », « la cloche sonne à midi ».

use std::net::SocketAddr;

use beffroi_collector::web;

#[path = "../tests/web/world/mod.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "it is the world of the tests, of which this shows a part"
)]
mod world;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let world = world::World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8089").await?;
    println!("http://127.0.0.1:8089/ — dpo — {}", world::PASSWORD);
    let pages = web::router(world.state.clone());
    axum::serve(
        listener,
        pages.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .await
}
