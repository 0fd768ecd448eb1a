//! What is concluded from the report, and the entry that a proposal stands for.

use std::collections::BTreeMap;

use beffroi_collector::model::{
    ActivityField, CensusEntry, Conclusions, Evidence, EvidenceSource, FieldValue, FileId,
    GapAnswer, GapOutcome, MachineId, Organisation, Proof, Proposal, Provenance, Retention,
    SuggestedActivity,
};
use jiff::Timestamp;

pub(super) fn from(
    server: MachineId,
    reception: MachineId,
    payroll: &[EvidenceSource],
    exposed: &[FileId],
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
        proof.files = exposed.to_vec();
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
                    line("NIR dans un dossier « Paie » (1 fichier)", 30, payroll),
                    line("Colonnes « N° Sécu » et « IBAN »", 20, payroll),
                ],
            ),
            proposal(
                "recrutement",
                "Recrutement et gestion des candidatures",
                55,
                vec![line(
                    "Dossier « Recrutement » avec 112 adresses électroniques",
                    55,
                    payroll,
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
                "municipal",
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

pub(super) fn prefill(_: &Organisation, proposal: &Proposal, at: Timestamp) -> Vec<ActivityField> {
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
