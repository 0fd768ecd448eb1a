//! What the agent says of its work: where the system looks for it, in files of bounded size, and never a value.

use std::{fs, os::unix::fs::MetadataExt, process::Child};

use beffroi_tests::{agent::Agent, collector::Collector, folder::read_folder, town::TownHall};
use beffroi_towns::LeakSearch;

fn log_files(agent: &Agent) -> Vec<(String, u64)> {
    let entries = fs::read_dir(agent.state().join("log")).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, entry.metadata().unwrap().size())
        })
        .collect();
    files.sort();
    files
}

fn ended(mut running: Child) -> Option<i32> {
    running.wait().unwrap().code()
}

#[test]
fn the_journal_gets_priorities_and_the_screen_a_date() {
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Journal");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[]);
    collector.kill();
    // As systemd does: the variable names the stream that standard error is.
    fs::write(agent.log(), "").unwrap();
    let stream = fs::metadata(agent.log()).unwrap();
    let variable = format!("JOURNAL_STREAM={}:{}", stream.dev(), stream.ino());
    let agent = agent.wrapped(&["env", &variable]);
    assert_eq!(ended(agent.start(&["run", "--once"])), Some(14));
    let journal = fs::read_to_string(agent.log()).unwrap();
    let has = |beginning: &str, words: &str| {
        let mut lines = journal.lines();
        lines.any(|line| line.starts_with(beginning) && line.contains(words))
    };
    assert!(has("<4>", "ne répond pas"), "{journal}");
    assert!(has("<3>beffroi-agent", "ne répond pas"), "{journal}");
    assert!(
        journal.lines().all(|line| line.starts_with('<')),
        "{journal}"
    );

    // Another stream than the one that is named: a person reads it.
    let output = agent.run(&["run", "--once"]);
    let screen = String::from_utf8(output.stderr).unwrap();
    assert!(
        screen.starts_with("20") && !screen.contains("<4>"),
        "{screen}"
    );
}

#[test]
fn files_keep_it_and_their_size() {
    let hall = TownHall::small();
    let search = LeakSearch::new(&hall.manifest).unwrap();
    let mut collector = Collector::start();
    let town = collector.create_organisation("Commune du Journal");
    let agent = Agent::enrolled(&collector, &collector.create_token(town), &[&hall.share()]);
    agent.succeed(&["run", "--once"]);
    assert_eq!(log_files(&agent).len(), 1);
    let log = fs::read_to_string(agent.state().join("log/agent.log")).unwrap();
    assert!(
        log.contains("analyse terminée") && !log.contains('\u{1b}'),
        "{log}"
    );

    agent.configure("[log]\nmax_bytes = 400\nfiles = 3\n");
    collector.kill();
    for _ in 0..3 {
        agent.run(&["run", "--once"]);
    }
    let files = log_files(&agent);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["agent.log", "agent.log.1", "agent.log.2"]);
    assert!(files.iter().all(|(_, size)| *size < 1200), "{files:?}");
    let log = read_folder(&agent.state().join("log"));
    assert!(String::from_utf8_lossy(&log).contains("ERROR"));
    assert!(search.leaks_in(&log).is_empty());
}
