//! Whatever is killed, and whenever, nothing is lost and nothing is doubled.

use std::{path::Path, time::Duration};

use beffroi_collector::{
    model::{FileFilter, OrganisationId, PageRequest},
    store::Store,
};
use beffroi_tests::{agent::Agent, collector::Collector, conclusions, town::TownHall};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

/// Kills in CI; `BEFFROI_KILLS=1000 tests/run crash` for more.
const KILLS: u32 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn killing_either_process_at_any_moment_loses_and_doubles_nothing() {
    let hall = TownHall::small();
    let roots = hall.roots();
    let roots: Vec<_> = roots.iter().map(std::path::PathBuf::as_path).collect();
    let undisturbed = undisturbed(&roots).await;

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

    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    let disturbed = final_state(&store, town).await;
    for part in [
        "files",
        "ledger",
        "software",
        "proposals",
        "gaps",
        "machines",
    ] {
        assert_eq!(
            disturbed[part], undisturbed[part],
            "{part} differ after {kills} kills"
        );
    }
}

async fn undisturbed(roots: &[&Path]) -> Value {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de la Tourmente");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), roots);
    agent.succeed(&["run", "--once"]);
    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    final_state(&store, town).await
}

/// Everything that two runs over the same machine and share must agree on: all but identifiers and times.
async fn final_state(store: &Store, town: OrganisationId) -> Value {
    let store = store.of(town);
    let page = PageRequest {
        number: 0,
        size: 10_000,
    };
    let all = FileFilter {
        include_gone: true,
        ..FileFilter::default()
    };
    let mut files: Vec<Value> = Vec::new();
    for file in store.files(&all, page).await.unwrap().items {
        // The content key is the organisation's: the same content has another fingerprint there.
        let mut state = file.state;
        state.content_fingerprint.clear();
        files.push(json!({ "state": state, "gone": file.gone_at.is_some() }));
    }
    files.sort_by_key(|file| file["state"]["path"].to_string());
    let machines = store.machines().await.unwrap();
    let mut software = Vec::new();
    for machine in &machines {
        software.push(store.installations(machine.id).await.unwrap());
    }
    let mut ledger: Vec<_> = store
        .all_passes()
        .await
        .unwrap()
        .into_iter()
        .map(|pass| (pass.root, pass.complete, pass.totals))
        .collect();
    ledger.sort_by(|left, right| left.0.cmp(&right.0));
    let proposals = store.proposals(None).await.unwrap();
    let proposals: Vec<_> = proposals
        .into_iter()
        .map(|proposal| (proposal.rule, proposal.score))
        .collect();
    let gaps = store.gaps(None).await.unwrap();
    let mut gaps: Vec<_> = gaps
        .into_iter()
        .map(|gap| (gap.rule, gap.outcome))
        .collect();
    gaps.sort();
    json!({
        "files": files,
        "ledger": ledger,
        "software": software,
        "machines": machines.len(),
        "proposals": proposals,
        "gaps": gaps,
    })
}
