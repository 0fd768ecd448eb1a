//! A raw personal value never leaves the machine it was found on: not on the wire, not in the spool, not in a log, not
//! in the database, in none of the forms a value can be written in.

use std::fs;

use beffroi_agent::spool::{Entry, Spool};
use beffroi_tests::{
    agent::Agent, collector::Collector, conclusions, folder::read_folder, recorder::Recorder,
    town::TownHall,
};
use beffroi_towns::LeakSearch;

#[track_caller]
fn assert_clean(what: &str, bytes: &[u8], search: &LeakSearch) {
    assert!(!bytes.is_empty(), "nothing to search in {what}");
    let leaks = search.leaks_in(bytes);
    assert!(
        leaks.is_empty(),
        "{what} holds {} planted value(s): {:?}",
        leaks.len(),
        leaks.first()
    );
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let hall = TownHall::small();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let everything = read_folder(&hall.share());
    assert!(search.leaks_in(&everything).len() > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_planted_value_reaches_the_database_or_a_log() {
    let hall = TownHall::generate();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune de la Discrétion");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&hall.share()]);
    let output = agent.run(&["run", "--once"]);
    assert!(output.status.success());
    conclusions::wait_for(&collector.store().await, town).await;
    collector.kill();

    assert_clean(
        "the collector's data folder",
        &read_folder(&collector.data()),
        &search,
    );
    assert_clean(
        "the agent's state folder",
        &read_folder(&agent.state()),
        &search,
    );
    let logs = [
        output.stdout,
        output.stderr,
        fs::read(collector.log()).unwrap(),
    ]
    .concat();
    assert_clean("the logs", &logs, &search);
}

#[test]
fn no_planted_value_waits_in_the_spool() {
    let hall = TownHall::generate();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let mut collector = Collector::start();
    let token = collector.create_token(collector.create_organisation("Commune de la Discrétion"));
    let agent = Agent::enrolled(&collector, &token, &[&hall.share()]);
    collector.kill();
    agent.run(&["run", "--once"]);
    let folder = agent.state().join("spool");
    assert_clean("the spool's folder", &read_folder(&folder), &search);
    // Sealed on disk: what the collector would get is looked at too.
    let spool = Spool::open(&folder, u64::MAX).unwrap();
    let (mut batches, mut after) = (Vec::new(), 0);
    while let Some(Entry::Batch { sequence, bytes }) = spool.next_after(after).unwrap() {
        batches.extend(bytes);
        after = sequence;
    }
    assert!(batches.len() > 20_000, "the spool holds the findings");
    assert_clean("the batches", &batches, &search);
    let path = b"partage";
    let holds = |bytes: &[u8]| bytes.windows(path.len()).any(|window| window == path);
    assert!(holds(&batches) && !holds(&read_folder(&folder)), "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_planted_value_travels() {
    let hall = TownHall::generate();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let recorder = Recorder::start().await;
    let agent = Agent::new(&[&hall.share()]);
    let arguments = [
        "enrol",
        "--collector",
        &recorder.address(),
        "--token",
        recorder.token(),
    ];
    let agent = tokio::task::block_in_place(|| {
        agent.succeed(&arguments);
        agent.succeed(&["run", "--once"]);
        agent
    });
    let wire = recorder.recorded();
    assert!(wire.len() > 20_000, "the findings have travelled");
    assert_clean("the wire", &wire, &search);
    assert_clean(
        "the agent's state folder",
        &read_folder(&agent.state()),
        &search,
    );
}

#[test]
fn what_the_stand_alone_scan_prints_is_masked() {
    let hall = TownHall::small();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let agent = Agent::new(&[]);
    for format in ["human", "json", "csv"] {
        let output = agent.run(&["scan", hall.share().to_str().unwrap(), "--format", format]);
        assert_clean(format, &[output.stdout, output.stderr].concat(), &search);
    }
}
