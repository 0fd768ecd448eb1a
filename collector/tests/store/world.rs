//! A small world to tell stories in: two towns, a DPO, agents that report.

use beffroi_collector::{
    model::{
        Access, Actor, Applied, Change, Conclusions, DecisionKind, Fact, FactValue, FileFilter,
        FileId, FileState, GapAnswer, GapOutcome, Installation, MachineId, Organisation,
        OrganisationKind, PageRequest, PassEnd, Position, Role, SpoolId, SuggestedActivity, Tally,
        User, Verdict, VerdictTotal,
    },
    store::{NewToken, NewUser, Newcomer, OrganisationStore, Store},
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::postgres;

/// Runs each story on SQLite and on PostgreSQL. A story that is left out is dead code, which the compiler reports.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                $crate::world::tell(super::$story($crate::world::World::on_sqlite().await)).await;
            }
        )+}
        mod on_postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                $crate::world::tell(super::$story($crate::world::World::on_postgres().await)).await;
            }
        )+}
    };
}
pub(crate) use on_both_engines;

/// A story that waits for a lock for ever fails instead.
pub(crate) async fn tell(story: impl Future<Output = ()>) {
    let patience = std::time::Duration::from_secs(300);
    tokio::time::timeout(patience, story)
        .await
        .expect("the story hangs");
}

pub(crate) const PAGE: PageRequest = PageRequest {
    number: 0,
    size: 100,
};

/// The n-th minute of the story.
pub(crate) fn minute(n: i64) -> Timestamp {
    "2026-03-02T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(n)
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) town: Organisation,
    pub(crate) other_town: Organisation,
    pub(crate) dpo: User,
    _folder: Option<TempDir>,
}

impl World {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("collector.db");
        Self::at(&format!("sqlite://{}", path.display()), Some(folder)).await
    }

    pub(crate) async fn on_postgres() -> Self {
        Self::at(&postgres::fresh_database(), None).await
    }

    async fn at(url: &str, folder: Option<TempDir>) -> Self {
        let store = Store::open(url).await.unwrap();
        let town = create_town(&store, "Bourg-la-Forêt").await;
        let other_town = create_town(&store, "Saint-Aubin").await;
        let dpo = NewUser {
            login: "claire".to_owned(),
            name: "Claire Martin".to_owned(),
            role: Role::Dpo,
            access: Access::All,
            password_hash: "$argon2id$…".to_owned(),
            must_change_password: false,
        };
        let dpo = store.create_user(dpo, minute(0)).await.unwrap();
        Self {
            store,
            town,
            other_town,
            dpo,
            _folder: folder,
        }
    }

    pub(crate) fn town(&self) -> OrganisationStore<'_> {
        self.store.of(self.town.id)
    }

    pub(crate) fn other_town(&self) -> OrganisationStore<'_> {
        self.store.of(self.other_town.id)
    }

    /// A machine of the town, enrolled, that has said nothing yet.
    pub(crate) async fn agent(&self, host_name: &str) -> Agent {
        Agent {
            machine: self.enrol(self.town(), host_name).await,
            spool: SpoolId::generate(),
            sent: 0,
        }
    }

    /// A machine of the other town.
    pub(crate) async fn agent_elsewhere(&self, host_name: &str) -> MachineId {
        self.enrol(self.other_town(), host_name).await
    }

    async fn enrol(&self, town: OrganisationStore<'_>, host_name: &str) -> MachineId {
        let secret = hash_of(host_name);
        town.create_token(new_token(secret), minute(0))
            .await
            .unwrap();
        self.store
            .redeem_token(secret, newcomer([9; 32], host_name), minute(0))
            .await
            .unwrap()
            .machine
    }

    /// The file with this path, gone or not.
    pub(crate) async fn file(&self, path: &str) -> beffroi_collector::model::File {
        let filter = FileFilter {
            include_gone: true,
            ..FileFilter::default()
        };
        let page = self.town().files(&filter, PAGE).await.unwrap();
        page.items
            .into_iter()
            .find(|file| file.state.path == path)
            .unwrap()
    }

    /// Paths of the files that are still there.
    pub(crate) async fn paths(&self) -> Vec<String> {
        self.search(FileFilter::default()).await
    }

    pub(crate) async fn search(&self, filter: FileFilter) -> Vec<String> {
        let page = self.town().files(&filter, PAGE).await.unwrap();
        page.items.into_iter().map(|file| file.state.path).collect()
    }

    pub(crate) async fn decide(&self, file: FileId, kind: DecisionKind, now: Timestamp) {
        self.town()
            .decide(file, kind, "vu avec le service", &self.dpo, now)
            .await
            .unwrap();
    }

    pub(crate) async fn conclude(&self, conclusions: &Conclusions, now: Timestamp) {
        let (_, mark) = self.town().snapshot().await.unwrap();
        self.town()
            .save_conclusions(conclusions, mark, now)
            .await
            .unwrap();
    }
}

async fn create_town(store: &Store, name: &str) -> Organisation {
    store
        .create_organisation(name, OrganisationKind::Commune, [7; 32], minute(0))
        .await
        .unwrap()
}

/// What an agent would send, with its spool and sequence.
pub(crate) struct Agent {
    pub(crate) machine: MachineId,
    pub(crate) spool: SpoolId,
    pub(crate) sent: u64,
}

impl Agent {
    pub(crate) async fn send(
        &mut self,
        world: &World,
        changes: &[Change],
        now: Timestamp,
    ) -> Applied {
        self.sent += 1;
        world
            .town()
            .apply_batch(self.machine, self.spool, at(self.sent), changes, now)
            .await
            .unwrap()
    }
}

/// A complete pass over `/srv`, with the right sums.
pub(crate) fn pass(id: u8, files: &[FileState]) -> Vec<Change> {
    let pass_id = vec![id; 16];
    let mut changes = vec![Change::PassBegin {
        root: "/srv".to_owned(),
        pass_id: pass_id.clone(),
        started_at: minute(id.into()),
    }];
    let mut sum = 0_u64;
    for state in files {
        // Great numbers, so that the sum wraps.
        let digest = u64::MAX - u64::from(id) - state.size_bytes;
        sum = sum.wrapping_add(digest);
        changes.push(Change::File {
            pass_id: pass_id.clone(),
            state: state.clone(),
            digest,
        });
    }
    changes.push(Change::PassEnd(PassEnd {
        root: "/srv".to_owned(),
        pass_id,
        finished_at: minute(i64::from(id) + 1),
        complete: true,
        stop_reason: String::new(),
        totals: vec![VerdictTotal {
            verdict: Verdict::Read,
            reason: String::new(),
            files: 40,
            size_bytes: 4_000,
        }],
        reported_files: u64::try_from(files.len()).unwrap(),
        reported_digest: sum,
    }));
    changes
}

/// The end of the pass, to be tampered with.
pub(crate) fn end_of(pass: &mut [Change]) -> &mut PassEnd {
    match pass.last_mut() {
        Some(Change::PassEnd(end)) => end,
        _ => panic!("a pass ends with its end"),
    }
}

/// A file below `/srv` that holds so many NIRs.
pub(crate) fn file(path: &str, nirs: u64) -> FileState {
    FileState {
        root: "/srv".to_owned(),
        path: path.to_owned(),
        size_bytes: 100 + nirs,
        modified_at: Some(minute(-600)),
        media_type: "text/csv".to_owned(),
        verdict: Verdict::Read,
        reason: String::new(),
        detail: String::new(),
        tallies: vec![tally("nir", nirs)],
        hidden: Vec::new(),
        content_fingerprint: vec![1; 32],
        readable_by: None,
        writable_by: None,
    }
}

pub(crate) fn tally(kind: &str, count: u64) -> Tally {
    Tally {
        kind: kind.to_owned(),
        count,
        distinct: count,
        persons: count,
        high: count,
        medium: 0,
        low: 0,
        reasons: vec!["clé valide".to_owned()],
        samples: Vec::new(),
    }
}

pub(crate) fn software(name: &str) -> Installation {
    Installation {
        name: name.to_owned(),
        version: "1.2".to_owned(),
        publisher: String::new(),
        source: "deb".to_owned(),
        architecture: "amd64".to_owned(),
        installed_on: String::new(),
    }
}

pub(crate) fn fact(name: &str, value: bool) -> Fact {
    Fact {
        name: name.to_owned(),
        value: FactValue::Boolean(value),
        source: "/etc/ssh/sshd_config".to_owned(),
        observed_at: minute(1),
    }
}

pub(crate) fn suggestion(rule: &str, evidence: &str) -> SuggestedActivity {
    SuggestedActivity {
        rule: rule.to_owned(),
        label: format!("Activité {rule}"),
        score: 60,
        evidence: vec![beffroi_collector::model::Evidence {
            what: evidence.to_owned(),
            points: 60,
            sources: Vec::new(),
        }],
    }
}

pub(crate) fn answer(rule: &str, machine: Option<MachineId>, outcome: GapOutcome) -> GapAnswer {
    GapAnswer {
        rule: rule.to_owned(),
        machine,
        title: format!("Écart {rule}"),
        severity: "high".to_owned(),
        outcome,
        proof: Vec::new(),
        remedy: "À corriger par le prestataire.".to_owned(),
        sources: vec!["Guide d’hygiène, mesure 13".to_owned()],
    }
}

pub(crate) fn actor(user: &User) -> Actor {
    Actor::User {
        id: user.id,
        name: user.name.clone(),
    }
}

/// A batch of this number, the same every time.
pub(crate) fn at(sequence: u64) -> Position {
    Position {
        sequence,
        digest: Some(hash_of(&sequence.to_string())),
    }
}

/// Stands for a hash: as many bytes, different for different words.
pub(crate) fn hash_of(word: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().zip(word.bytes()) {
        *place = byte;
    }
    hash
}

/// For one machine, valid until [`minute`] 60.
pub(crate) fn new_token(secret_hash: [u8; 32]) -> NewToken<'static> {
    NewToken {
        secret_hash,
        tag: Some("mairie"),
        machines: 1,
        expires_at: minute(60),
    }
}

pub(crate) fn newcomer(public_key_hash: [u8; 32], host_name: &str) -> Newcomer<'_> {
    Newcomer {
        public_key_hash,
        host_name,
        tag: None,
        agent_version: "0.1.0",
    }
}
