//! What a collector knows in the end, to compare a run that was disturbed with one that was not.

use std::path::Path;

use beffroi_collector::{
    model::{FileFilter, OrganisationId, PageRequest},
    store::Store,
};
use serde_json::{Value, json};

use crate::{agent::Agent, collector::Collector, conclusions};

/// What is known of a town, once it is understood.
pub async fn of(collector: &Collector, town: OrganisationId) -> Value {
    let store = collector.store().await;
    conclusions::wait_for(&store, town).await;
    stored(&store, town).await
}

/// What a collector of its own knows after one run over the roots that nothing disturbs.
pub async fn undisturbed(roots: &[&Path]) -> Value {
    let collector = Collector::start();
    let town = collector.create_organisation("Commune de la Tourmente");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), roots);
    agent.succeed(&["run", "--once"]);
    of(&collector, town).await
}

/// Nothing lost, nothing double.
#[track_caller]
pub fn assert_same(disturbed: &Value, undisturbed: &Value, when: &str) {
    let parts = undisturbed.as_object().expect("an object");
    assert!(!parts.is_empty());
    for (part, expected) in parts {
        assert_eq!(&disturbed[part], expected, "{part} differ {when}");
    }
}

/// Everything that two runs over the same machine and share must agree on: all but identifiers and times.
async fn stored(store: &Store, town: OrganisationId) -> Value {
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
