//! Files as pages list them, and the overview.

use beffroi_collector::{
    model::{
        Change, Conclusions, DecisionFilter, DecisionKind, FileFilter, FileId, FileState,
        GapOutcome, Overview, PageRequest, ReadableBy, Sample, Verdict,
    },
    store::StoreError,
};

use crate::world::{
    World, answer, end_of, file, minute, on_both_engines, pass, software, suggestion, tally,
};

on_both_engines! {
    a_file_comes_back_as_it_was_reported,
    each_filter_narrows_the_list,
    text_is_searched_without_case_and_taken_literally,
    pages_follow_each_other_without_overlap,
    kinds_and_roots_are_those_found,
    the_overview_counts_what_the_pages_list,
    the_overview_of_an_empty_town_is_zero,
}

async fn a_file_comes_back_as_it_was_reported(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut nir = tally("nir", 12);
    nir.samples = vec![Sample {
        masked: "1 85 •• •• ••• ••• ••".to_owned(),
        place: "ligne 4".to_owned(),
    }];
    let state = FileState {
        verdict: Verdict::PartlyRead,
        reason: "record_too_long".to_owned(),
        detail: "ligne 9".to_owned(),
        tallies: vec![tally("email", 2), nir],
        readable_by: Some(ReadableBy::Everyone),
        writable_by: Some(ReadableBy::Owner),
        modified_at: None,
        size_bytes: u64::try_from(i64::MAX).unwrap(),
        ..file("/srv/Élections/liste « 2026 ».csv", 0)
    };
    agent
        .send(&world, &pass(1, std::slice::from_ref(&state)), minute(2))
        .await;

    let stored = world.file(&state.path).await;
    assert_eq!(stored.state, state);
    assert_eq!(stored.machine, agent.machine);
    assert_eq!(world.town().file(stored.id).await.unwrap(), stored);
}

async fn each_filter_narrows_the_list(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut other_agent = world.agent("compta").await;
    let mut locked = file("/srv/locked.odt", 0);
    locked.verdict = Verdict::Locked;
    locked.tallies.clear();
    let mut iban = file("/srv/iban.csv", 0);
    iban.tallies = vec![tally("iban", 3)];
    agent
        .send(&world, &pass(1, &[locked, iban]), minute(1))
        .await;
    other_agent
        .send(&world, &pass(2, &[file("/srv/nir.csv", 3)]), minute(2))
        .await;
    let decided = world.file("/srv/iban.csv").await.id;
    world
        .decide(decided, DecisionKind::ToDelete, minute(3))
        .await;

    let all = FileFilter::default;
    let cases = [
        (
            FileFilter {
                machine: Some(agent.machine),
                ..all()
            },
            vec!["/srv/iban.csv", "/srv/locked.odt"],
        ),
        (
            FileFilter {
                root: Some("/home".to_owned()),
                ..all()
            },
            vec![],
        ),
        (
            FileFilter {
                kind: Some("nir".to_owned()),
                ..all()
            },
            vec!["/srv/nir.csv"],
        ),
        (
            FileFilter {
                verdict: Some(Verdict::Locked),
                ..all()
            },
            vec!["/srv/locked.odt"],
        ),
        (
            FileFilter {
                decision: Some(DecisionFilter::Undecided),
                ..all()
            },
            vec!["/srv/locked.odt", "/srv/nir.csv"],
        ),
        (
            FileFilter {
                decision: Some(DecisionFilter::Decided(DecisionKind::ToDelete)),
                ..all()
            },
            vec!["/srv/iban.csv"],
        ),
        (
            FileFilter {
                decision: Some(DecisionFilter::Decided(DecisionKind::Confirmed)),
                ..all()
            },
            vec![],
        ),
        (
            FileFilter {
                decision: Some(DecisionFilter::ToReview),
                ..all()
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(world.search(filter.clone()).await, expected, "{filter:?}");
    }

    agent.send(&world, &pass(3, &[]), minute(5)).await;
    assert_eq!(world.paths().await, ["/srv/nir.csv"]);
    let with_gone = FileFilter {
        include_gone: true,
        ..all()
    };
    assert_eq!(world.search(with_gone).await.len(), 3);
}

async fn text_is_searched_without_case_and_taken_literally(world: World) {
    let mut agent = world.agent("accueil").await;
    let files = [
        "/srv/ÉLECTIONS/liste.csv",
        "/srv/100%_fini.csv",
        "/srv/1000 fini.csv",
    ]
    .map(|path| file(path, 1));
    agent.send(&world, &pass(1, &files), minute(1)).await;
    for (text, expected) in [
        ("élections", "/srv/ÉLECTIONS/liste.csv"),
        ("%_FINI", "/srv/100%_fini.csv"),
        ("0 fini", "/srv/1000 fini.csv"),
    ] {
        let filter = FileFilter {
            text: Some(text.to_owned()),
            ..FileFilter::default()
        };
        assert_eq!(world.search(filter).await, [expected]);
    }
}

async fn pages_follow_each_other_without_overlap(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut other_agent = world.agent("compta").await;
    let files = ["/srv/b", "/srv/É", "/srv/A", "/srv/a"].map(|path| file(path, 1));
    agent.send(&world, &pass(1, &files), minute(1)).await;
    other_agent.send(&world, &pass(2, &files), minute(1)).await;

    let mut seen = Vec::new();
    for number in 0..3 {
        let request = PageRequest { number, size: 3 };
        let page = world.town().files(&FileFilter::default(), request).await;
        let page = page.unwrap();
        assert_eq!((page.total, page.request), (8, request));
        seen.extend(page.items.into_iter().map(|file| file.state.path));
    }

    let expected = ["/srv/A", "/srv/a", "/srv/b", "/srv/É"].map(|path| [path, path]);
    assert_eq!(seen, expected.as_flattened());
}

async fn kinds_and_roots_are_those_found(world: World) {
    let mut agent = world.agent("accueil").await;
    let mut mail = file("/srv/mail.txt", 0);
    mail.tallies = vec![tally("email", 3)];
    let files = [file("/srv/a.csv", 1), mail];
    agent.send(&world, &pass(1, &files), minute(1)).await;
    let town = world.town();
    assert_eq!(town.kinds_present().await.unwrap(), ["email", "nir"]);
    let root = (agent.machine, "/srv".to_owned());
    assert_eq!(town.roots().await.unwrap(), [root]);

    agent.send(&world, &pass(2, &files[..1]), minute(2)).await;
    assert_eq!(town.kinds_present().await.unwrap(), ["nir"]);
}

async fn the_overview_counts_what_the_pages_list(world: World) {
    let mut agent = world.agent("accueil").await;
    world.agent("compta").await;
    let mut mail = file("/srv/mail.txt", 0);
    mail.tallies = vec![tally("email", 7), tally("nir", 1)];
    let mut locked = file("/srv/locked.odt", 0);
    locked.tallies.clear();
    let files = [
        file("/srv/a.csv", 4),
        file("/srv/false.csv", 9),
        mail,
        locked,
    ];
    agent.send(&world, &pass(1, &files), minute(1)).await;
    let mut stopped = pass(2, &[]);
    end_of(&mut stopped).complete = false;
    agent.send(&world, &stopped, minute(2)).await;
    let software = Change::Installations {
        installations: vec![software("vlc")],
        unread_sources: vec![],
    };
    agent.send(&world, &[software], minute(2)).await;
    let town = world.town();
    town.machine_seen(agent.machine, "0.1.1", "2026.3", -4, minute(6))
        .await
        .unwrap();
    for (path, kind) in [
        ("/srv/a.csv", DecisionKind::Confirmed),
        ("/srv/false.csv", DecisionKind::FalseAlarm),
    ] {
        world
            .decide(world.file(path).await.id, kind, minute(7))
            .await;
    }
    let conclusions = Conclusions {
        rules_version: "2026.3".to_owned(),
        proposals: vec![
            suggestion("paie", "e.magnus"),
            suggestion("cantine", "tableau"),
        ],
        gaps: vec![
            answer("ssh", Some(agent.machine), GapOutcome::Shortfall),
            answer("disk", Some(agent.machine), GapOutcome::Shortfall),
            answer("dpo", None, GapOutcome::Unknown),
        ],
        census: vec![],
    };
    world.conclude(&conclusions, minute(8)).await;
    let open = &town.proposals(None).await.unwrap()[0];
    town.accept_proposal(open.id, vec![], &world.dpo, minute(9))
        .await
        .unwrap();

    let overview = town.overview().await.unwrap();
    assert_eq!((overview.machines, overview.machines_never_seen), (2, 1));
    assert_eq!(overview.last_seen_at, Some(minute(6)));
    assert_eq!(overview.verdicts, [(Verdict::Read, 40)]);
    assert_eq!(
        (overview.files_with_findings, overview.files_undecided),
        (2, 1)
    );
    let kinds = [("nir".to_owned(), 2, 5), ("email".to_owned(), 1, 7)];
    assert_eq!(overview.kinds, kinds);
    assert_eq!((overview.proposals_open, overview.activities), (1, 1));
    assert_eq!(overview.shortfalls, [("high".to_owned(), 2)]);
    assert_eq!((overview.unknowns, overview.software), (1, 0));
}

async fn the_overview_of_an_empty_town_is_zero(world: World) {
    let overview = world.town().overview().await.unwrap();
    assert_eq!(overview, Overview::default());
    let nothing = world.town().file(FileId::generate()).await;
    assert!(matches!(nothing, Err(StoreError::NotFound)));
}
