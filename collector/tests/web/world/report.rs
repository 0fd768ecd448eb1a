//! What the agent of the town's file server reports.

use beffroi_collector::model::{
    Change, Disk, Fact, FactValue, FileState, Installation, MachineState, NetworkInterface,
    PassEnd, ReadableBy, Sample, Tally, Verdict, VerdictTotal,
};
use jiff::Timestamp;

pub(super) fn of_server(now: Timestamp) -> Vec<Change> {
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
        hidden: Vec::new(),
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
