//! Batches: once, whole, in order.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use beffroi_collector::{
    model::{
        Applied, Change, FileFilter, MachineId, MachineState, PageRequest, Position, SpoolId,
        Verdict,
    },
    store::StoreError,
};

use crate::world::{
    PAGE, World, at, end_of, fact, file, minute, on_both_engines, pass, software, tally,
};

on_both_engines! {
    a_repeated_batch_changes_nothing,
    a_new_spool_starts_from_zero,
    a_machine_of_nowhere_is_not_found,
    a_complete_pass_closes_what_is_gone,
    a_renamed_machine_bears_its_new_name,
    an_incomplete_pass_closes_nothing,
    what_lies_below_an_unreadable_folder_is_not_gone,
    a_pass_closes_nothing_on_other_machines_and_roots,
    differing_sums_ask_for_a_resend_and_close_nothing,
    a_pass_may_be_cut_over_several_batches,
    a_file_that_comes_back_keeps_its_id,
    of_two_reports_of_one_path_the_last_counts,
    a_batch_of_thousands_of_files_is_one_commit,
    a_path_may_be_longer_than_an_index_allows,
    a_zero_byte_does_not_stop_a_batch,
    software_and_facts_are_replaced_whole,
    passes_that_others_replace_are_forgotten,
    a_spool_loss_is_in_the_journal,
    two_streams_of_one_agent_apply_a_batch_once,
    a_batch_dropped_midway_leaves_nothing_or_all,
}

async fn a_repeated_batch_changes_nothing(world: World) {
    let mut agent = world.agent("accueil").await;
    let first = pass(1, &[file("/srv/a.csv", 3)]);
    agent.send(&world, &first, minute(1)).await;
    let before = world.file("/srv/a.csv").await;

    let again = pass(2, &[file("/srv/b.csv", 8)]);
    let applied = world
        .town()
        .apply_batch(agent.machine, agent.spool, at(1), &again, minute(9))
        .await
        .unwrap();

    assert_eq!(applied, Applied::Already);
    assert_eq!(world.paths().await, ["/srv/a.csv"]);
    assert_eq!(world.file("/srv/a.csv").await, before);
    let last = world.town().last_position(agent.machine, agent.spool).await;
    assert_eq!(last.unwrap(), at(1));
}

async fn a_new_spool_starts_from_zero(world: World) {
    let mut agent = world.agent("accueil").await;
    let changes = [Change::Facts(vec![])];
    agent.send(&world, &changes, minute(1)).await;

    agent.spool = SpoolId::generate();
    let last = world.town().last_position(agent.machine, agent.spool).await;
    assert_eq!(last.unwrap(), Position::default());
    let applied = world
        .town()
        .apply_batch(agent.machine, agent.spool, at(1), &changes, minute(2))
        .await
        .unwrap();
    assert_eq!(applied, Applied::Committed { resend: vec![] });
}

async fn a_machine_of_nowhere_is_not_found(world: World) {
    let nowhere = MachineId::generate();
    let applied = world
        .town()
        .apply_batch(nowhere, SpoolId::generate(), at(1), &[], minute(1))
        .await;
    assert!(matches!(applied, Err(StoreError::NotFound)));
}

async fn a_complete_pass_closes_what_is_gone(world: World) {
    let mut agent = world.agent("accueil").await;
    let both = [file("/srv/a.csv", 3), file("/srv/b.csv", 4)];
    agent.send(&world, &pass(1, &both), minute(1)).await;

    let applied = agent.send(&world, &pass(2, &both[..1]), minute(5)).await;

    assert_eq!(applied, Applied::Committed { resend: vec![] });
    assert_eq!(world.paths().await, ["/srv/a.csv"]);
    let gone = world.file("/srv/b.csv").await;
    assert_eq!(gone.gone_at, Some(minute(5)));

    agent.send(&world, &pass(3, &both[..1]), minute(9)).await;
    assert_eq!(world.file("/srv/b.csv").await, gone);
}

async fn what_lies_below_an_unreadable_folder_is_not_gone(world: World) {
    let mut agent = world.agent("accueil").await;
    let first = pass(
        1,
        &[file("/srv/rh 100%/a.csv", 3), file("/srv/rh 100x/b.csv", 3)],
    );
    agent.send(&world, &first, minute(1)).await;

    let mut refused = file("/srv/rh 100%", 0);
    refused.tallies.clear();
    refused.verdict = Verdict::Unreadable;
    agent.send(&world, &pass(2, &[refused]), minute(2)).await;

    assert_eq!(world.paths().await, ["/srv/rh 100%", "/srv/rh 100%/a.csv"]);
}

async fn a_renamed_machine_bears_its_new_name(world: World) {
    let mut agent = world.agent("accueil").await;
    let state = MachineState {
        host_name: "PC-ACCUEIL-2".into(),
        ..MachineState::default()
    };
    agent
        .send(&world, &[Change::Machine(state)], minute(1))
        .await;
    let machine = world.town().machine(agent.machine).await.unwrap();
    assert_eq!(machine.host_name, "PC-ACCUEIL-2");
}

async fn an_incomplete_pass_closes_nothing(world: World) {
    let mut agent = world.agent("accueil").await;
    let both = [file("/srv/a.csv", 3), file("/srv/b.csv", 4)];
    agent.send(&world, &pass(1, &both), minute(1)).await;

    let mut stopped = pass(2, &both[..1]);
    end_of(&mut stopped).complete = false;
    let applied = agent.send(&world, &stopped, minute(5)).await;

    assert_eq!(applied, Applied::Committed { resend: vec![] });
    assert_eq!(world.paths().await, ["/srv/a.csv", "/srv/b.csv"]);
}

async fn a_pass_closes_nothing_on_other_machines_and_roots(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut other_agent = world.agent("compta").await;
    let mut elsewhere = file("/home/c.csv", 1);
    elsewhere.root = "/home".to_owned();
    agent
        .send(&world, &pass(1, &[file("/srv/a.csv", 3)]), minute(1))
        .await;
    let of_other_root = Change::File {
        pass_id: vec![4; 16],
        state: elsewhere,
        digest: 1,
    };
    agent.send(&world, &[of_other_root], minute(1)).await;
    other_agent
        .send(&world, &pass(2, &[file("/srv/b.csv", 3)]), minute(2))
        .await;

    agent.send(&world, &pass(3, &[]), minute(3)).await;

    assert_eq!(world.paths().await, ["/home/c.csv", "/srv/b.csv"]);
}

async fn differing_sums_ask_for_a_resend_and_close_nothing(world: World) {
    let mut agent = world.agent("accueil").await;
    let both = [file("/srv/a.csv", 3), file("/srv/b.csv", 4)];
    agent.send(&world, &pass(1, &both), minute(1)).await;
    let resend = Applied::Committed {
        resend: vec!["/srv".to_owned()],
    };

    let mut miscounted = pass(2, &both);
    miscounted.remove(1);
    assert_eq!(agent.send(&world, &miscounted, minute(2)).await, resend);
    assert_eq!(world.paths().await, ["/srv/a.csv", "/srv/b.csv"]);

    let mut altered = pass(3, &both);
    end_of(&mut altered).reported_digest ^= 1;
    assert_eq!(agent.send(&world, &altered, minute(3)).await, resend);

    let right = agent.send(&world, &pass(4, &both), minute(4)).await;
    assert_eq!(right, Applied::Committed { resend: vec![] });
}

async fn a_pass_may_be_cut_over_several_batches(world: World) {
    let mut agent = world.agent("accueil").await;
    let both = [file("/srv/a.csv", 3), file("/srv/b.csv", 4)];
    for change in pass(1, &both) {
        let applied = agent.send(&world, &[change], minute(1)).await;
        assert_eq!(applied, Applied::Committed { resend: vec![] });
    }
    assert_eq!(world.paths().await, ["/srv/a.csv", "/srv/b.csv"]);
}

async fn a_file_that_comes_back_keeps_its_id(world: World) {
    let mut agent = world.agent("accueil").await;
    let a = [file("/srv/a.csv", 3)];
    agent.send(&world, &pass(1, &a), minute(1)).await;
    let before = world.file("/srv/a.csv").await;
    agent.send(&world, &pass(2, &[]), minute(2)).await;
    assert!(world.paths().await.is_empty());

    agent.send(&world, &pass(3, &a), minute(3)).await;

    let back = world.file("/srv/a.csv").await;
    assert_eq!((back.id, back.first_seen_at), (before.id, minute(1)));
    assert_eq!((back.last_seen_at, back.gone_at), (minute(3), None));
}

async fn of_two_reports_of_one_path_the_last_counts(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut twice = file("/srv/a.csv", 5);
    twice.tallies.push(tally("nir", 9));
    let reports = [file("/srv/a.csv", 3), twice].map(|state| Change::File {
        pass_id: vec![1; 16],
        state,
        digest: 1,
    });

    agent.send(&world, &reports, minute(1)).await;

    let stored = world.file("/srv/a.csv").await;
    assert_eq!(stored.state.size_bytes, 105);
    assert_eq!(stored.state.tallies, [tally("nir", 9)]);
}

async fn a_batch_of_thousands_of_files_is_one_commit(world: World) {
    let mut agent = world.agent("serveur").await;
    let many: Vec<_> = (0..2_500)
        .map(|n| file(&format!("/srv/{n:05}.csv"), n))
        .collect();
    for id in 1..=2 {
        let applied = agent.send(&world, &pass(id, &many), minute(1)).await;
        assert_eq!(applied, Applied::Committed { resend: vec![] });
    }
    let last = PageRequest {
        number: 24,
        size: 100,
    };
    let page = world
        .town()
        .files(&FileFilter::default(), last)
        .await
        .unwrap();
    assert_eq!((page.total, page.items.len()), (2_500, 100));
    assert_eq!(page.items[99].state, many[2_499]);
}

async fn a_path_may_be_longer_than_an_index_allows(world: World) {
    let mut agent = world.agent("serveur").await;
    // Different letters, or PostgreSQL would compress it below its limit.
    let names: String = (0..4_000_u32)
        .filter_map(|n| char::from_u32(0x4e00 + n * 7919 % 20_000))
        .collect();
    let path = format!("/srv/{names}!facture.csv");
    agent
        .send(&world, &pass(1, &[file(&path, 3)]), minute(1))
        .await;
    agent
        .send(&world, &pass(2, &[file(&path, 4)]), minute(2))
        .await;
    assert_eq!(world.paths().await, [path]);
}

async fn a_zero_byte_does_not_stop_a_batch(world: World) {
    let mut agent = world.agent("accueil").await;
    let changes = [Change::Installations {
        installations: vec![software("Scan\0ner")],
        unread_sources: vec!["re\0gistry".to_owned()],
    }];
    agent.send(&world, &changes, minute(1)).await;
    let stored = world.town().installations(agent.machine).await.unwrap();
    assert_eq!(stored, [software("Scan\u{fffd}ner")]);
}

async fn software_and_facts_are_replaced_whole(world: World) {
    let mut agent = world.agent("accueil").await;
    let state = MachineState {
        os_name: "Debian".to_owned(),
        memory_bytes: u64::MAX,
        ..MachineState::default()
    };
    let first = [
        Change::Machine(MachineState::default()),
        Change::Installations {
            installations: vec![software("e.magnus"), software("e.magnus"), software("vlc")],
            unread_sources: vec!["flatpak".to_owned()],
        },
        Change::Facts(vec![
            fact("ssh.root_login", true),
            fact("disk.encrypted", false),
        ]),
    ];
    agent.send(&world, &first, minute(1)).await;
    let second = [
        Change::Machine(state.clone()),
        Change::Installations {
            installations: vec![software("e.magnus")],
            unread_sources: vec![],
        },
        Change::Facts(vec![fact("ssh.root_login", false)]),
    ];
    agent.send(&world, &second, minute(2)).await;

    let town = world.town();
    let machine = town.machine(agent.machine).await.unwrap();
    assert_eq!(machine.state, Some(state));
    assert_eq!(machine.state_received_at, Some(minute(2)));
    assert_eq!(
        town.installations(agent.machine).await.unwrap(),
        [software("e.magnus")]
    );
    assert!(town.unread_sources(agent.machine).await.unwrap().is_empty());
    assert_eq!(
        town.facts(agent.machine).await.unwrap(),
        [fact("ssh.root_login", false)]
    );
}

async fn passes_that_others_replace_are_forgotten(world: World) {
    let mut agent = world.agent("accueil").await;
    for id in [1, 2] {
        agent.send(&world, &pass(id, &[]), minute(1)).await;
    }
    for id in [3, 4] {
        let mut stopped = pass(id, &[]);
        end_of(&mut stopped).complete = false;
        agent.send(&world, &stopped, minute(2)).await;
    }
    for id in [5, 6] {
        agent.send(&world, &pass(id, &[])[..1], minute(3)).await;
    }

    let kept = world.town().passes(agent.machine).await.unwrap();
    let ids: Vec<_> = kept.iter().map(|pass| pass.pass_id[0]).collect();
    assert_eq!(ids, [2, 4, 6]);
    assert_eq!(world.town().all_passes().await.unwrap(), kept);
    assert_eq!((kept[0].complete, kept[0].totals[0].files), (true, 40));
    assert_eq!((kept[1].complete, kept[2].finished_at), (false, None));
}

async fn a_spool_loss_is_in_the_journal(world: World) {
    let mut agent = world.agent("accueil").await;
    let loss = Change::SpoolLoss {
        batches: 3,
        detail: "somme de contrôle".to_owned(),
        replaced: 0,
        telemetry: 0,
    };
    let full = Change::SpoolLoss {
        batches: 0,
        detail: String::new(),
        replaced: 12,
        telemetry: 2,
    };
    agent.send(&world, &[loss], minute(4)).await;
    agent.send(&world, &[full], minute(5)).await;
    let journal = world.town().journal(PAGE).await.unwrap();
    assert_eq!(journal.items[1].action, "agent.spool_lost");
    assert!(journal.items[1].detail.contains('3'));
    let history = world.town().machine_history(agent.machine).await.unwrap();
    // The oldest is the token, which is nobody's yet.
    assert_eq!(history, journal.items[..3]);
    assert_eq!(history[0].action, "agent.spool_full");
    assert!(history[0].detail.contains("12 rapport(s)"));
}

async fn two_streams_of_one_agent_apply_a_batch_once(world: World) {
    let agent = world.agent("accueil").await;
    let changes = pass(1, &[file("/srv/a.csv", 3)]);
    let town = world.town();
    let send = || town.apply_batch(agent.machine, agent.spool, at(1), &changes, minute(1));

    let (one, two) = tokio::join!(send(), send());

    let mut applied = [one.unwrap(), two.unwrap()];
    applied.sort_by_key(|applied| *applied == Applied::Already);
    assert_eq!(
        applied,
        [Applied::Committed { resend: vec![] }, Applied::Already]
    );
}

/// Cuts the batch off after each of its steps, as a crash would.
async fn a_batch_dropped_midway_leaves_nothing_or_all(world: World) {
    let agent = world.agent("accueil").await;
    let town = world.town();
    let files: Vec<_> = (0..60).map(|n| file(&format!("/srv/{n}.csv"), n)).collect();
    let mut sequence = 1;
    for steps in 1.. {
        let id = u8::try_from(steps).expect("a batch takes fewer steps");
        let changes = pass(id, &files);
        let batch = town.apply_batch(
            agent.machine,
            agent.spool,
            at(sequence),
            &changes,
            minute(1),
        );
        let finished = poll_times(batch, steps).await.is_some();
        // Waits for the machine, that is until the database has committed or forgotten what it was sent.
        town.machine_seen(agent.machine, "0.1.0", "2026.3", 0, minute(2))
            .await
            .unwrap();

        let last = town.last_position(agent.machine, agent.spool).await;
        let present = town
            .files(&FileFilter::default(), PAGE)
            .await
            .unwrap()
            .total;
        let stale = world.store.stale_organisations().await.unwrap();
        assert_eq!(stale, [world.town.id]);
        if last.unwrap().sequence == sequence {
            assert_eq!(present, 60);
            sequence += 1;
        } else {
            assert!(!finished);
            assert_eq!(present, if sequence == 1 { 0 } else { 60 });
        }
        if finished {
            return;
        }
    }
}

/// What the future gives within so many polls, else it is dropped.
async fn poll_times<F: Future>(future: F, times: u32) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        left -= 1;
        if left == 0 {
            return Poll::Ready(None);
        }
        Poll::Pending
    })
    .await
}
