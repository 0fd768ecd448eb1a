//! A small world for the pages: two towns in a real store, and people who sign in.
//!
//! Everything and everybody here is invented.

mod conclusions;
mod report;

use std::sync::{Arc, Mutex};

use beffroi_collector::{
    model::{
        Access, Actor, Allowance, AllowedSubject, Change, EvidenceSource, FileFilter, Hidden,
        MachineId, NewAllowance, OrganisationId, OrganisationKind, PageRequest, Position,
        ReadableBy, Role, SpoolId,
    },
    store::{NewToken, NewUser, Newcomer, OrganisationStore, Store},
    web::{Labels, WebState, password},
};
use beffroi_rules::{detect::Engine, pack::Pack};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

pub(crate) const PASSWORD: &str = "la cloche sonne à midi";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) state: WebState,
    /// What the clock of the pages says.
    pub(crate) now: Arc<Mutex<Timestamp>>,
    /// A town with machines, files, proposals and gaps.
    pub(crate) full: OrganisationId,
    /// A town where nothing has happened yet.
    pub(crate) empty: OrganisationId,
    _folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("beffroi.db").display());
        let store = Store::open(&url).await.unwrap();
        let start: Timestamp = "2026-11-16T08:12:00Z".parse().unwrap();
        let now = Arc::new(Mutex::new(start));

        let full = organisation(
            &store,
            "Commune de Saint-Exemple",
            OrganisationKind::Commune,
            start,
        )
        .await;
        let empty = organisation(
            &store,
            "CCAS de Saint-Exemple",
            OrganisationKind::Ccas,
            start,
        )
        .await;
        users(&store, full, empty, start).await;
        fill(&store, full, start).await;

        let pack = Pack::embedded().unwrap();
        let clock = now.clone();
        let state = WebState {
            store: store.clone(),
            labels: Arc::new(Labels::new(pack.glossary, pack.kinds, pack.facts)),
            https: false,
            behind_proxy: false,
            clock: Arc::new(move || *clock.lock().unwrap()),
            prefill: Arc::new(conclusions::prefill),
            engine: Engine::embedded().unwrap(),
        };
        Self {
            store,
            state,
            now,
            full,
            empty,
            _folder: folder,
        }
    }

    pub(crate) fn later(&self, duration: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(duration).unwrap();
    }
}

async fn organisation(
    store: &Store,
    name: &str,
    kind: OrganisationKind,
    now: Timestamp,
) -> OrganisationId {
    let key = [7; 32];
    store
        .create_organisation(name, kind, key, now)
        .await
        .unwrap()
        .id
}

/// `dpo` sees both towns, `lectrice` reads the full one, `ccas` decides for the other, `nouveau` must change the
/// password that they were given.
async fn users(store: &Store, full: OrganisationId, empty: OrganisationId, now: Timestamp) {
    let password_hash = password::hash(Zeroizing::new(PASSWORD.to_owned()))
        .await
        .unwrap();
    let people = [
        ("dpo", "Camille Besson", Role::Dpo, Access::All, false),
        (
            "lectrice",
            "Nadia Rivoire",
            Role::Reader,
            Access::Organisations(vec![full]),
            false,
        ),
        (
            "ccas",
            "Paul Chabert",
            Role::Dpo,
            Access::Organisations(vec![empty]),
            false,
        ),
        ("nouveau", "Zoé Lantier", Role::Dpo, Access::All, true),
    ];
    for (login, name, role, access, must_change_password) in people {
        let user = NewUser {
            login: login.to_owned(),
            name: name.to_owned(),
            role,
            access,
            password_hash: password_hash.clone(),
            must_change_password,
        };
        store.create_user(user, now).await.unwrap();
    }
}

async fn fill(store: &Store, town: OrganisationId, now: Timestamp) {
    let reception = machine(store, town, "ACCUEIL-01", 1, now).await;
    let server = machine(store, town, "SRV-FICHIERS", 2, now).await;
    let store = store.of(town);
    store
        .machine_seen(server, "0.1.0", "9f2c1ab0", 2, now)
        .await
        .unwrap();
    let mut report = report::of_server(now);
    let first = Position {
        sequence: 1,
        digest: None,
    };
    hide_some(&mut report, &allow(store, now).await);
    store
        .apply_batch(server, SpoolId::generate(), first, &report, now)
        .await
        .unwrap();
    store
        .machine_seen(reception, "0.1.0", "9f2c1ab0", -640, now)
        .await
        .unwrap();

    let all = PageRequest {
        number: 0,
        size: 100,
    };
    let files = store
        .files(&FileFilter::default(), all)
        .await
        .unwrap()
        .items;
    let payroll: Vec<EvidenceSource> = files
        .iter()
        .filter(|file| file.state.path.contains("/RH/"))
        .map(|file| EvidenceSource::File {
            machine: server,
            file: file.id,
            path: file.state.path.clone(),
        })
        .collect();
    let exposed: Vec<_> = files
        .iter()
        .filter(|file| file.state.readable_by == Some(ReadableBy::Everyone))
        .map(|file| file.id)
        .collect();
    let (_, mark) = store.snapshot().await.unwrap();
    let conclusions = conclusions::from(server, reception, &payroll, &exposed, now);
    store
        .save_conclusions(&conclusions, mark, now)
        .await
        .unwrap();
}

async fn allow(store: OrganisationStore<'_>, now: Timestamp) -> Allowance {
    let new = NewAllowance {
        subject: AllowedSubject::EmailDomain {
            domain: "saint-exemple.fr".to_owned(),
        },
        path: String::new(),
        reason: "adresses de service".to_owned(),
        ends_at: None,
    };
    store.allow(new, Actor::Operator, now).await.unwrap()
}

/// In the first file.
fn hide_some(report: &mut [Change], allowance: &Allowance) {
    let first = report.iter_mut().find_map(|change| match change {
        Change::File { state, .. } => Some(state),
        _ => None,
    });
    first.unwrap().hidden.push(Hidden {
        kind: "email".to_owned(),
        allowance: allowance.id,
        count: 3,
    });
}

async fn machine(
    store: &Store,
    town: OrganisationId,
    name: &str,
    number: u8,
    now: Timestamp,
) -> MachineId {
    let expires_at = now.checked_add(SignedDuration::from_hours(24)).unwrap();
    let tag = (number == 2).then_some("mairie");
    store
        .of(town)
        .create_token(
            NewToken {
                secret_hash: [number; 32],
                tag,
                machines: 1,
                expires_at,
            },
            now,
        )
        .await
        .unwrap();
    store
        .redeem_token(
            [number; 32],
            Newcomer {
                public_key_hash: [number; 32],
                host_name: name,
                tag: None,
                agent_version: "0.1.0",
            },
            now,
        )
        .await
        .unwrap()
        .machine
}
