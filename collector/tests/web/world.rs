//! A small world for the pages: two towns in a real store, and people who sign in.
//!
//! Everything and everybody here is invented.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use beffroi_collector::{
    model::{
        Access, ActivityField, CensusEntry, Change, Conclusions, Disk, Evidence, EvidenceSource,
        Fact, FactValue, FieldValue, FileFilter, FileState, GapAnswer, GapOutcome, Installation,
        MachineId, MachineState, NetworkInterface, OrganisationId, OrganisationKind, PageRequest,
        PassEnd, Proof, Proposal, Provenance, ReadableBy, Retention, Role, Sample, SpoolId,
        SuggestedActivity, Tally, Verdict, VerdictTotal,
    },
    store::{NewUser, Store},
    web::{Labels, WebState, password},
};
use beffroi_rules::pack::Pack;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

pub const PASSWORD: &str = "la cloche sonne à midi";

pub struct World {
    pub store: Store,
    pub state: WebState,
    /// What the clock of the pages says.
    pub now: Arc<Mutex<Timestamp>>,
    /// A town with machines, files, proposals and gaps.
    pub full: OrganisationId,
    /// A town where nothing has happened yet.
    pub empty: OrganisationId,
    _folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
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
            prefill: Arc::new(prefill),
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

    pub fn later(&self, duration: SignedDuration) {
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
    store
        .apply_batch(server, SpoolId::generate(), 1, &server_report(now), now)
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
    let exposed = files
        .iter()
        .filter(|file| file.state.readable_by == Some(ReadableBy::Everyone))
        .map(|file| file.id)
        .collect();
    let (_, mark) = store.snapshot().await.unwrap();
    let conclusions = conclusions(server, reception, payroll, exposed, now);
    store
        .save_conclusions(&conclusions, mark, now)
        .await
        .unwrap();
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
        .create_token([number; 32], tag, expires_at, now)
        .await
        .unwrap();
    store
        .redeem_token([number; 32], [number; 32], name, "0.1.0", now)
        .await
        .unwrap()
        .machine
}

fn server_report(now: Timestamp) -> Vec<Change> {
    let pass_id = vec![1; 16];
    let root = "/srv/mairie".to_owned();
    let files = files();
    let begin = Change::PassBegin {
        root: root.clone(),
        pass_id: pass_id.clone(),
        started_at: now,
    };
    let reported = files.len() as u64;
    let mut changes = vec![
        Change::Machine(hardware(now)),
        Change::Installations {
            installations: software(),
            unread_sources: vec!["flatpak".to_owned()],
        },
        Change::Facts(facts(now)),
        begin,
    ];
    changes.extend(files.into_iter().map(|state| Change::File {
        pass_id: pass_id.clone(),
        state,
        digest: 1,
    }));
    changes.push(Change::PassEnd(PassEnd {
        root,
        pass_id,
        finished_at: now,
        complete: true,
        stop_reason: String::new(),
        totals: totals(),
        reported_files: reported,
        reported_digest: reported,
    }));
    changes
}

fn totals() -> Vec<VerdictTotal> {
    let total = |verdict, reason: &str, files, size_bytes| VerdictTotal {
        verdict,
        reason: reason.to_owned(),
        files,
        size_bytes,
    };
    vec![
        total(Verdict::Read, "", 12_483, 6_432_120_331),
        total(Verdict::PartlyRead, "unreadable_members", 1, 18_400_231),
        total(Verdict::Encrypted, "password_protected", 1, 88_412),
        total(Verdict::Excluded, "private_folder", 214, 930_220_118),
        total(
            Verdict::Unsupported,
            "unsupported_type",
            1_622,
            48_220_118_332,
        ),
    ]
}

fn hardware(now: Timestamp) -> MachineState {
    MachineState {
        host_name: "SRV-FICHIERS".into(),
        os_family: "linux".into(),
        os_name: "Debian GNU/Linux".into(),
        os_version: "12".into(),
        kernel_version: "6.1.0-38-amd64".into(),
        architecture: "x86_64".into(),
        manufacturer: "Exemple SA".into(),
        model: "Tour 300".into(),
        serial_number: "EX-0042".into(),
        chassis: "server".into(),
        cpu: "Exemple CPU 8".into(),
        cpu_cores: 8,
        memory_bytes: 16_384_000_000,
        disks: vec![
            Disk {
                mount_point: "/".into(),
                file_system: "ext4".into(),
                size_bytes: 240_000_000_000,
                free_bytes: 172_000_000_000,
            },
            Disk {
                mount_point: "/srv".into(),
                file_system: "ext4".into(),
                size_bytes: 2_000_000_000_000,
                free_bytes: 310_000_000_000,
            },
        ],
        networks: vec![NetworkInterface {
            name: "enp3s0".into(),
            mac: "02:00:00:00:00:2a".into(),
            addresses: vec!["192.0.2.12".into(), "2001:db8::12".into()],
        }],
        boot_time: Some(now),
    }
}

fn software() -> Vec<Installation> {
    [
        ("e.magnus GRH", "23.4", "Berger-Levrault", "registry"),
        ("LibreOffice", "7.4.7", "Debian", "deb"),
        ("AnyDesk", "6.3.2", "AnyDesk Software GmbH", "deb"),
        ("samba", "4.17.12", "Debian", "deb"),
    ]
    .map(|(name, version, publisher, source)| Installation {
        name: name.into(),
        version: version.into(),
        publisher: publisher.into(),
        source: source.into(),
        architecture: "amd64".into(),
        installed_on: "2025-03-11".into(),
    })
    .into()
}

fn facts(now: Timestamp) -> Vec<Fact> {
    let fact = |name: &str, value, source: &str| Fact {
        name: name.to_owned(),
        value,
        source: source.to_owned(),
        observed_at: now,
    };
    vec![
        fact(
            "disk.encrypted",
            FactValue::Boolean(false),
            "/sys/block/dm-0/dm/uuid",
        ),
        fact(
            "firewall.active",
            FactValue::Boolean(true),
            "nft list ruleset",
        ),
        fact(
            "samba.guest_shares",
            FactValue::List(vec!["commun".into()]),
            "/etc/samba/smb.conf : guest ok",
        ),
    ]
}

fn files() -> Vec<FileState> {
    let everyone = Some(ReadableBy::Everyone);
    let mut files = vec![
        found(
            "/srv/mairie/RH/Paie/2024/bulletins_decembre.csv",
            Some(ReadableBy::Group),
            vec![
                tally(
                    "nir",
                    46,
                    46,
                    &[
                        ("1 85 •• •• ••• ••• ••", "cellule C2"),
                        ("2 91 •• •• ••• ••• ••", "cellule C3"),
                    ],
                ),
                tally(
                    "iban",
                    46,
                    0,
                    &[("FR•• 3000 2••• •••• •••• •••• •••", "cellule F2")],
                ),
            ],
        ),
        found(
            "/srv/mairie/RH/Recrutement/candidatures_2019.ods",
            everyone,
            vec![tally(
                "email",
                112,
                108,
                &[("•••@exemple.fr", "feuille « Liste », cellule D2")],
            )],
        ),
        found(
            "/srv/mairie/CCAS/Secours/aides_exceptionnelles_et_dossiers_en_attente_de_commission_permanente.xlsx",
            everyone,
            vec![
                tally(
                    "nir",
                    12,
                    12,
                    &[("2 78 •• •• ••• ••• ••", "feuille « 2023 », cellule B4")],
                ),
                tally(
                    "phone",
                    31,
                    12,
                    &[("06 •• •• •• ••", "feuille « 2023 », cellule G4")],
                ),
                tally(
                    "birth_date",
                    12,
                    12,
                    &[("••/••/1978", "feuille « 2023 », cellule E4")],
                ),
            ],
        ),
        found(
            "/srv/mairie/Urbanisme/permis/PC_2022_014.txt",
            Some(ReadableBy::Group),
            vec![tally("phone", 2, 1, &[("04 •• •• •• ••", "ligne 12")])],
        ),
    ];
    let mut locked = found("/srv/mairie/Police/procès-verbaux.pdf", None, vec![]);
    locked.verdict = Verdict::Encrypted;
    locked.reason = "password_protected".into();
    files.push(locked);
    let mut partial = found(
        "/srv/mairie/Archives/2011.zip!etat-civil/mariages.csv",
        everyone,
        vec![tally("birth_date", 240, 238, &[("••/••/1961", "ligne 3")])],
    );
    partial.verdict = Verdict::PartlyRead;
    partial.reason = "unreadable_members".into();
    files.push(partial);
    files
}

fn found(path: &str, readable_by: Option<ReadableBy>, tallies: Vec<Tally>) -> FileState {
    FileState {
        root: "/srv/mairie".into(),
        path: path.into(),
        size_bytes: 48_212,
        modified_at: Some("2024-12-19T15:40:00Z".parse().unwrap()),
        media_type: "text/csv".into(),
        verdict: Verdict::Read,
        reason: String::new(),
        detail: String::new(),
        tallies,
        content_fingerprint: vec![1; 32],
        readable_by,
        writable_by: Some(ReadableBy::Owner),
    }
}

fn tally(kind: &str, count: u64, persons: u64, samples: &[(&str, &str)]) -> Tally {
    let medium = count / 10;
    Tally {
        kind: kind.into(),
        count,
        distinct: count - medium,
        persons,
        high: count - medium,
        medium,
        low: 0,
        reasons: vec!["clé valide".into(), "titre de colonne".into()],
        samples: samples
            .iter()
            .map(|(masked, place)| Sample {
                masked: (*masked).into(),
                place: (*place).into(),
            })
            .collect(),
    }
}

fn conclusions(
    server: MachineId,
    reception: MachineId,
    payroll: Vec<EvidenceSource>,
    exposed: Vec<beffroi_collector::model::FileId>,
    now: Timestamp,
) -> Conclusions {
    let software = vec![EvidenceSource::Software {
        machine: server,
        name: "e.magnus GRH".into(),
    }];
    let line = |what: &str, points, sources: &[EvidenceSource]| Evidence {
        what: what.into(),
        points,
        sources: sources.to_vec(),
    };
    let proposal = |rule: &str, label: &str, score, evidence| SuggestedActivity {
        rule: rule.into(),
        label: label.into(),
        score,
        evidence,
    };
    let gap = |rule: &str, machine, title: &str, severity: &str, outcome, statement: &str| {
        GapAnswer {
        rule: rule.into(),
        machine,
        title: title.into(),
        severity: severity.into(),
        outcome,
        proof: vec![Proof {
            fact: rule.into(),
            statement: statement.into(),
            source: "/etc/samba/smb.conf".into(),
            observed_at: Some(now),
            files: vec![],
        }],
        remedy: "Demandez à votre prestataire informatique de retirer l’accès sans mot de passe. Comptez une heure."
            .into(),
        sources: vec!["ANSSI, Guide d’hygiène informatique, mesure 8".into()],
    }
    };
    let mut open_files = gap(
        "nir-readable-by-everyone",
        Some(server),
        "Numéros de sécurité sociale dans des fichiers ouverts à tous",
        "critical",
        GapOutcome::Shortfall,
        "NIR dans des fichiers lisibles par tout le monde : 1 fichier",
    );
    for proof in &mut open_files.proof {
        proof.files.clone_from(&exposed);
    }
    Conclusions {
        rules_version: "9f2c1ab0".into(),
        proposals: vec![
            proposal(
                "paie",
                "Gestion de la paie des agents",
                90,
                vec![
                    line("Logiciel « e.magnus GRH » sur 1 poste", 40, &software),
                    line("NIR dans un dossier « Paie » (1 fichier)", 30, &payroll),
                    line("Colonnes « N° Sécu » et « IBAN »", 20, &payroll),
                ],
            ),
            proposal(
                "recrutement",
                "Recrutement et gestion des candidatures",
                55,
                vec![line(
                    "Dossier « Recrutement » avec 112 adresses électroniques",
                    55,
                    &payroll,
                )],
            ),
        ],
        gaps: vec![
            open_files,
            gap(
                "samba-guest",
                Some(server),
                "Partage ouvert sans mot de passe",
                "high",
                GapOutcome::Shortfall,
                "Partages ouverts sans mot de passe — commun",
            ),
            gap(
                "disk-encryption",
                Some(server),
                "Disques non chiffrés",
                "medium",
                GapOutcome::Shortfall,
                "Disques de données chiffrés — non",
            ),
            gap(
                "disk-encryption",
                Some(reception),
                "Disques non chiffrés",
                "medium",
                GapOutcome::Unknown,
                "Disques de données chiffrés — inconnu",
            ),
            gap(
                "firewall",
                Some(server),
                "Pare-feu actif",
                "high",
                GapOutcome::Compliant,
                "Pare-feu actif — oui",
            ),
        ],
        census: vec![
            census(
                "e.magnus GRH",
                "Berger-Levrault",
                Some("bl-emagnus"),
                "",
                "23.4",
                server,
            ),
            census(
                "AnyDesk",
                "AnyDesk Software GmbH",
                Some("anydesk"),
                "remote_access",
                "6.3.2",
                server,
            ),
            census("LibreOffice", "Debian", None, "", "7.4.7", server),
            census("samba", "Debian", None, "", "4.17.12", server),
        ],
    }
}

fn census(
    name: &str,
    publisher: &str,
    rule: Option<&str>,
    family: &str,
    version: &str,
    machine: MachineId,
) -> CensusEntry {
    CensusEntry {
        name: name.into(),
        publisher: publisher.into(),
        rule: rule.map(str::to_owned),
        family: family.into(),
        versions: BTreeMap::from([(version.to_owned(), vec![machine])]),
    }
}

fn prefill(proposal: &Proposal, at: Timestamp) -> Vec<ActivityField> {
    let field = |name: &str, value| ActivityField {
        name: name.to_owned(),
        value,
        provenance: Provenance::Rule {
            rule: proposal.rule.clone(),
            version: proposal.rules_version.clone(),
            at,
        },
    };
    let list =
        |items: &[&str]| FieldValue::List(items.iter().map(|item| (*item).to_owned()).collect());
    vec![
        field("label", FieldValue::Text(proposal.label.clone())),
        field(
            "purposes",
            list(&[
                "Calculer et verser les rémunérations",
                "Établir les déclarations sociales",
            ]),
        ),
        field("legal_basis", list(&["legal_obligation"])),
        field("data_categories", list(&["identite", "bancaire", "nir"])),
        field("recipients", list(&["Trésorerie", "URSSAF"])),
        field(
            "retention",
            FieldValue::Retention(vec![Retention {
                what: "bulletins de paie".into(),
                duration: "50 ans".into(),
                trigger: "émission du bulletin".into(),
                end: "destruction".into(),
                source: "Code du travail, art. L. 3243-4".into(),
                confidence: "medium".into(),
            }]),
        ),
        field("dpia", FieldValue::Text("unlikely".into())),
    ]
}
