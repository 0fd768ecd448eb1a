//! Whatever is killed, and whenever, nothing is lost and nothing is doubled.

use std::time::Duration;

use beffroi_tests::{agent::Agent, collector::Collector, outcome, town::TownHall};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Kills in CI; `BEFFROI_KILLS=1000 tests/run -p beffroi-tests --test stories crash` for more.
const KILLS: u32 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn killing_either_process_at_any_moment_loses_and_doubles_nothing() {
    let hall = TownHall::small();
    let roots = hall.roots();
    let roots: Vec<_> = roots.iter().map(std::path::PathBuf::as_path).collect();
    let undisturbed = outcome::undisturbed(&roots).await;

    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de la Tourmente");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &roots);
    let kills =
        std::env::var("BEFFROI_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let mut dice = StdRng::seed_from_u64(20_261_121);
    for _ in 0..kills {
        let mut running = agent.start(&["run", "--once"]);
        std::thread::sleep(Duration::from_millis(dice.random_range(1..1500)));
        if dice.random_bool(0.5) {
            collector.kill();
            // The agent goes on for a while without a collector.
            std::thread::sleep(Duration::from_millis(dice.random_range(0..200)));
            collector.serve();
        }
        running.kill().expect("kill");
        running.wait().expect("wait");
    }
    agent.succeed(&["run", "--once"]);

    outcome::assert_same(
        &outcome::of(&collector, town).await,
        &undisturbed,
        &format!("after {kills} kills"),
    );
}
