//! What the collector concludes from small towns, with the rules of the project.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use beffroi_rules::pack::Pack;
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{conclude, register};
use crate::model::{
    CensusEntry, Conclusions, Decision, DecisionId, DecisionKind, EvidenceSource, Fact, FactValue,
    FieldValue, File, FileId, FileState, GapAnswer, GapOutcome, Installation, Machine, MachineId,
    MachineState, Organisation, OrganisationId, OrganisationKind, Pass, Proposal, ProposalId,
    ProposalStatus, Provenance, ReadableBy, Snapshot, SuggestedActivity, Tally, UserId, Verdict,
};

const TODAY: Date = jiff::civil::date(2026, 11, 21);

#[test]
fn the_agent_itself_is_proposed_for_the_register_of_any_town() {
    let town = World::default().machine(1);
    let proposal = town.proposal("beffroi-agent").unwrap();
    assert_eq!(
        proposal.evidence[0].what,
        "Logiciel « Beffroi (agent) » sur 1 poste"
    );
}

#[test]
fn a_payroll_software_proposes_payroll_and_names_the_machines() {
    let town = World::default()
        .machine(1)
        .machine(2)
        .installed(1, "e.sedit RH 5.2", "Berger-Levrault")
        .installed(2, "e.sedit RH 5.2", "Berger-Levrault");
    let proposal = town.proposal("paie").unwrap();
    let machines: Vec<MachineId> = proposal.evidence[0]
        .sources
        .iter()
        .map(|source| match source {
            EvidenceSource::Software { machine, name } if name == "e.sedit RH 5.2" => *machine,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(machines, [machine(1), machine(2)]);
}

#[test]
fn files_in_a_payroll_folder_propose_payroll_and_are_named() {
    let town =
        World::default()
            .machine(1)
            .file(1, "/srv/RH/Paie/2025.csv", "nir", ReadableBy::Group);
    let proposal = town.proposal("paie").unwrap();
    assert_eq!(
        proposal.score,
        proposal
            .evidence
            .iter()
            .map(|line| line.points)
            .sum::<i32>()
    );
    let path = "/srv/RH/Paie/2025.csv".to_owned();
    let source = EvidenceSource::File {
        machine: machine(1),
        file: file_id(1),
        path,
    };
    assert!(
        proposal
            .evidence
            .iter()
            .all(|line| line.sources == [source.clone()])
    );
}

#[test]
fn doubtful_findings_and_false_alarms_propose_nothing() {
    let doubtful = World::default()
        .machine(1)
        .file(1, "/srv/Paie/a.csv", "nir", ReadableBy::Group)
        .doubtful();
    assert_eq!(doubtful.proposal("paie"), None);
    let dismissed = World::default()
        .machine(1)
        .file(1, "/srv/Paie/a.csv", "nir", ReadableBy::Group)
        .false_alarm();
    assert_eq!(dismissed.proposal("paie"), None);
}

#[test]
fn a_machine_out_of_service_says_nothing_more() {
    let town = World::default()
        .machine(1)
        .installed(1, "e.sedit RH", "Berger-Levrault")
        .revoked();
    let conclusions = town.conclude();
    assert!(
        conclusions.proposals.is_empty()
            && conclusions.gaps.is_empty()
            && conclusions.census.is_empty()
    );
}

#[test]
fn an_observed_setting_that_falls_short_is_a_gap_with_its_proof() {
    let town = World::default()
        .machine(1)
        .fact(1, "firewall.active", FactValue::Boolean(false));
    let gap = town.gap("firewall-off");
    assert_eq!(gap.outcome, GapOutcome::Shortfall);
    assert_eq!(gap.proof[0].statement, "Pare-feu actif — non");
    assert_eq!(gap.proof[0].source, "captured");
    assert!(gap.sources[0].starts_with("ANSSI, Guide d'hygiène informatique, mesure 17"));
    assert!(gap.remedy.contains("Qui : ") && gap.remedy.contains("Durée : "));
}

#[test]
fn a_setting_that_nobody_read_is_unknown() {
    let gap = World::default().machine(1).gap("firewall-off");
    assert_eq!(
        (gap.outcome, gap.proof[0].statement.as_str()),
        (GapOutcome::Unknown, "Pare-feu actif — inconnu")
    );
}

#[test]
fn a_fact_outside_of_the_vocabulary_is_set_aside() {
    let town =
        World::default()
            .machine(1)
            .fact(1, "firewall.active", FactValue::Text("off".into()));
    assert_eq!(town.gap("firewall-off").outcome, GapOutcome::Unknown);
}

#[test]
fn every_rule_answers_for_every_machine() {
    let conclusions = World::default().machine(1).machine(2).conclude();
    assert_eq!(conclusions.gaps.len(), 2 * pack().gaps.len());
}

#[test]
fn social_security_numbers_open_to_everyone_are_a_gap_that_names_the_files() {
    let town = World::default()
        .machine(1)
        .file(1, "/srv/public/liste.csv", "nir", ReadableBy::Everyone)
        .file(2, "/srv/rh/liste.csv", "nir", ReadableBy::Group);
    let gap = town.gap("nir-readable-by-everyone");
    assert_eq!(gap.outcome, GapOutcome::Shortfall);
    assert_eq!(gap.proof[0].files, [file_id(1)]);
    assert!(
        gap.proof[0].statement.ends_with("— 1"),
        "{}",
        gap.proof[0].statement
    );
}

#[test]
fn a_password_in_a_file_is_a_gap_and_one_that_everyone_reads_is_worse() {
    let closed =
        World::default()
            .machine(1)
            .file(1, "/home/accueil/codes.txt", "secret", ReadableBy::Owner);
    let kept = closed.gap("secrets-in-files");
    assert_eq!(kept.outcome, GapOutcome::Shortfall);
    assert_eq!(kept.proof[0].files, [file_id(1)]);
    assert_eq!(
        closed.gap("secrets-readable-by-everyone").outcome,
        GapOutcome::Compliant
    );

    let open = World::default().machine(1).file(
        1,
        "/srv/public/codes.txt",
        "secret",
        ReadableBy::Everyone,
    );
    assert_eq!(
        open.gap("secrets-readable-by-everyone").outcome,
        GapOutcome::Shortfall
    );
}

#[test]
fn no_secret_is_claimed_before_a_whole_pass() {
    let town = World::default()
        .machine(1)
        .file(1, "/srv/liste.csv", "nir", ReadableBy::Group);
    assert_eq!(town.gap("secrets-in-files").outcome, GapOutcome::Unknown);
}

#[test]
fn exposure_is_unknown_where_nothing_was_found_or_rights_were_not_read() {
    let outcome = |town: World| town.gap("nir-readable-by-everyone").outcome;
    assert_eq!(outcome(World::default().machine(1)), GapOutcome::Unknown);
    let unread = World::default()
        .machine(1)
        .file(1, "/srv/a.csv", "nir", ReadableBy::Group)
        .rights_unread();
    assert_eq!(outcome(unread), GapOutcome::Unknown);
    let closed = World::default()
        .machine(1)
        .file(1, "/srv/a.csv", "nir", ReadableBy::Owner);
    assert_eq!(outcome(closed), GapOutcome::Compliant);
}

#[test]
fn a_remote_control_tool_is_a_gap_that_names_it() {
    let town = World::default()
        .machine(1)
        .installed(1, "AnyDesk", "AnyDesk Software GmbH");
    let gap = town.gap("remote-control-tool");
    assert_eq!(gap.outcome, GapOutcome::Shortfall);
    assert_eq!(
        gap.proof[0].statement,
        "Logiciels : prise en main à distance — AnyDesk 1.0"
    );
}

#[test]
fn software_gaps_are_unknown_before_the_first_inventory() {
    assert_eq!(
        World::default()
            .machine(1)
            .gap("remote-control-tool")
            .outcome,
        GapOutcome::Unknown
    );
    let inventoried = World::default().machine(1).installed(1, "vim", "");
    assert_eq!(
        inventoried.gap("remote-control-tool").outcome,
        GapOutcome::Compliant
    );
}

#[test]
fn a_product_past_its_end_of_life_is_a_gap_on_the_day_after() {
    let town = World::default().machine(1).installed(
        1,
        "Microsoft Office Standard 2016",
        "Microsoft Corporation",
    );
    let on = |today: Date| {
        gap_of(
            conclude(&town.snapshot, pack(), today),
            "software-end-of-life",
        )
        .outcome
    };
    assert_eq!(on(jiff::civil::date(2025, 10, 14)), GapOutcome::Compliant);
    assert_eq!(on(jiff::civil::date(2025, 10, 15)), GapOutcome::Shortfall);
}

#[test]
fn a_clock_that_is_off_is_measured_by_the_collector() {
    let mut town =
        World::default()
            .machine(1)
            .fact(1, "time.synchronised", FactValue::Boolean(true));
    town.snapshot.machines[0].clock_offset_seconds = Some(-7200);
    assert_eq!(
        town.gap("time-not-synchronised").outcome,
        GapOutcome::Shortfall
    );
}

#[test]
fn the_census_counts_a_product_once_however_many_packages_it_has() {
    let town = World::default()
        .machine(1)
        .machine(2)
        .installed(1, "libreoffice-calc", "")
        .installed(1, "libreoffice-writer", "")
        .installed(2, "libreoffice-calc", "")
        .installed(2, "vim", "Debian");
    let census = town.conclude().census;
    let names: Vec<(&str, Option<&str>, &str)> = census
        .iter()
        .map(|entry| {
            (
                entry.name.as_str(),
                entry.rule.as_deref(),
                entry.family.as_str(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("LibreOffice", Some("libreoffice"), "office"),
            ("vim", None, "")
        ]
    );
    assert_eq!(versions(&census[0]), [("1.0", 2)]);
}

#[test]
fn the_same_town_gives_the_same_conclusions_whatever_the_order_of_its_reports() {
    let town = World::default()
        .machine(1)
        .machine(2)
        .installed(1, "e.sedit RH", "Berger-Levrault")
        .installed(1, "AnyDesk", "")
        .file(1, "/srv/Paie/a.csv", "nir", ReadableBy::Everyone)
        .file(2, "/srv/Paie/b.csv", "iban", ReadableBy::Group);
    let mut shuffled = town.snapshot.clone();
    shuffled.machines.reverse();
    shuffled.files.reverse();
    shuffled
        .installations
        .values_mut()
        .for_each(|list| list.reverse());
    assert_eq!(
        conclude(&town.snapshot, pack(), TODAY),
        conclude(&shuffled, pack(), TODAY)
    );
}

#[test]
fn a_machine_scanned_and_found_clean_complies_and_one_that_nobody_scanned_is_unknown() {
    let outcome = |town: World| town.gap("nir-readable-by-everyone").outcome;
    assert_eq!(outcome(World::default().machine(1)), GapOutcome::Unknown);
    assert_eq!(
        outcome(World::default().machine(1).scanned(1, false)),
        GapOutcome::Unknown
    );
    assert_eq!(
        outcome(World::default().machine(1).scanned(1, true)),
        GapOutcome::Compliant
    );
}

#[test]
fn each_field_of_a_new_entry_tells_where_it_comes_from() {
    let town = World::default()
        .machine(1)
        .installed(1, "e.sedit RH 5.2", "Berger-Levrault");
    let fields = register::prefill(
        &controller(),
        &stored(town.proposal("paie").unwrap()),
        pack(),
        Timestamp::UNIX_EPOCH,
    );
    let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();

    assert_eq!(
        field("controller").value,
        FieldValue::Text("Commune de Test".to_owned())
    );
    let FieldValue::List(basis) = &field("legal_basis").value else {
        panic!()
    };
    assert_eq!(basis[0], "legal_obligation");
    assert_eq!(
        field("software").value,
        FieldValue::List(vec!["e.sedit RH 5.2".to_owned()])
    );
    assert!(matches!(
        field("software").provenance,
        Provenance::Scan { .. }
    ));
    assert!(
        matches!(&field("purposes").provenance, Provenance::Rule { rule, .. } if rule == "paie")
    );
    let FieldValue::List(sensitive) = &field("sensitive_categories").value else {
        panic!()
    };
    assert!(sensitive.contains(&"nir".to_owned()));
    assert!(
        matches!(&field("retention").value, FieldValue::Retention(periods) if periods.len() == 2)
    );
}

fn controller() -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::nil()),
        name: "Commune de Test".to_owned(),
        kind: OrganisationKind::Commune,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn a_proposal_whose_rule_is_gone_still_gives_its_label() {
    let mut proposal = stored(
        World::default()
            .machine(1)
            .proposal("beffroi-agent")
            .unwrap(),
    );
    proposal.rule = "retired-rule".to_owned();
    let fields = register::prefill(&controller(), &proposal, pack(), Timestamp::UNIX_EPOCH);
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0].value, FieldValue::Text(proposal.label));
}

#[derive(Default)]
struct World {
    snapshot: Snapshot,
}

impl World {
    fn machine(mut self, number: u128) -> Self {
        self.snapshot.machines.push(Machine {
            id: machine(number),
            host_name: format!("poste-{number}"),
            tag: None,
            enrolled_at: Timestamp::UNIX_EPOCH,
            last_seen_at: Some(Timestamp::UNIX_EPOCH),
            agent_version: String::new(),
            rules_version: String::new(),
            clock_offset_seconds: None,
            revoked_at: None,
            state: Some(MachineState {
                os_family: "linux".to_owned(),
                ..MachineState::default()
            }),
            state_received_at: None,
        });
        self
    }

    fn installed(mut self, number: u128, name: &str, publisher: &str) -> Self {
        self.snapshot
            .installations
            .entry(machine(number))
            .or_default()
            .push(Installation {
                name: name.to_owned(),
                version: "1.0".to_owned(),
                publisher: publisher.to_owned(),
                source: "deb".to_owned(),
                architecture: String::new(),
                installed_on: String::new(),
            });
        self
    }

    fn fact(mut self, number: u128, name: &str, value: FactValue) -> Self {
        self.snapshot
            .facts
            .entry(machine(number))
            .or_default()
            .push(Fact {
                name: name.to_owned(),
                value,
                source: "captured".to_owned(),
                observed_at: Timestamp::UNIX_EPOCH,
            });
        self
    }

    fn scanned(mut self, number: u128, complete: bool) -> Self {
        self.snapshot.passes.push(Pass {
            machine: machine(number),
            root: "/srv".to_owned(),
            pass_id: vec![1; 16],
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: Some(Timestamp::UNIX_EPOCH),
            complete,
            stop_reason: String::new(),
            totals: vec![],
        });
        self
    }

    /// A file of machine 1.
    fn file(mut self, number: u128, path: &str, kind: &str, readable_by: ReadableBy) -> Self {
        let tally = Tally {
            kind: kind.to_owned(),
            count: 12,
            distinct: 12,
            persons: 12,
            high: 12,
            medium: 0,
            low: 0,
            reasons: vec![],
            samples: vec![],
        };
        self.snapshot.files.push(File {
            id: file_id(number),
            machine: machine(1),
            state: FileState {
                root: "/srv".to_owned(),
                path: path.to_owned(),
                size_bytes: 1,
                modified_at: None,
                media_type: "text/csv".to_owned(),
                verdict: Verdict::Read,
                reason: String::new(),
                detail: String::new(),
                tallies: vec![tally],
                hidden: vec![],
                content_fingerprint: vec![],
                readable_by: Some(readable_by),
                writable_by: None,
            },
            first_seen_at: Timestamp::UNIX_EPOCH,
            last_seen_at: Timestamp::UNIX_EPOCH,
            gone_at: None,
            decision: None,
            changed_since_decision: false,
        });
        self
    }

    fn doubtful(mut self) -> Self {
        for tally in self
            .snapshot
            .files
            .iter_mut()
            .flat_map(|file| &mut file.state.tallies)
        {
            (tally.high, tally.low) = (0, 12);
        }
        self
    }

    fn false_alarm(mut self) -> Self {
        for file in &mut self.snapshot.files {
            file.decision = Some(Decision {
                id: DecisionId(Uuid::nil()),
                kind: DecisionKind::FalseAlarm,
                comment: String::new(),
                by: UserId(Uuid::nil()),
                by_name: "DPO".to_owned(),
                at: Timestamp::UNIX_EPOCH,
            });
        }
        self
    }

    fn rights_unread(mut self) -> Self {
        self.snapshot
            .files
            .iter_mut()
            .for_each(|file| file.state.readable_by = None);
        self
    }

    fn revoked(mut self) -> Self {
        self.snapshot
            .machines
            .iter_mut()
            .for_each(|machine| machine.revoked_at = Some(Timestamp::UNIX_EPOCH));
        self
    }

    fn conclude(&self) -> Conclusions {
        conclude(&self.snapshot, pack(), TODAY)
    }

    fn proposal(&self, rule: &str) -> Option<SuggestedActivity> {
        self.conclude()
            .proposals
            .into_iter()
            .find(|proposal| proposal.rule == rule)
    }

    fn gap(&self, rule: &str) -> GapAnswer {
        gap_of(self.conclude(), rule)
    }
}

fn gap_of(conclusions: Conclusions, rule: &str) -> GapAnswer {
    conclusions
        .gaps
        .into_iter()
        .find(|gap| gap.rule == rule)
        .unwrap()
}

fn stored(suggested: SuggestedActivity) -> Proposal {
    Proposal {
        id: ProposalId(Uuid::nil()),
        rule: suggested.rule,
        rules_version: String::new(),
        label: suggested.label,
        score: suggested.score,
        evidence: suggested.evidence,
        status: ProposalStatus::Open,
        first_proposed_at: Timestamp::UNIX_EPOCH,
        evidence_at: Timestamp::UNIX_EPOCH,
        changed_since_decision: false,
    }
}

fn versions(entry: &CensusEntry) -> Vec<(&str, usize)> {
    let versions: &BTreeMap<String, Vec<MachineId>> = &entry.versions;
    versions
        .iter()
        .map(|(version, machines)| (version.as_str(), machines.len()))
        .collect()
}

fn machine(number: u128) -> MachineId {
    MachineId(Uuid::from_u128(number))
}

fn file_id(number: u128) -> FileId {
    FileId(Uuid::from_u128(1000 + number))
}

fn pack() -> &'static Pack {
    static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::embedded().unwrap());
    &PACK
}
