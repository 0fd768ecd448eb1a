use jiff::{SignedDuration, Timestamp};

use super::*;

/// Enrolled at the `enrolled`th hour, last seen at the `seen`th.
fn machine(enrolled: i64, seen: Option<i64>) -> Machine {
    let hour = |n| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(n);
    Machine {
        id: MachineId::generate(),
        // All of them: a name says nothing.
        host_name: "PC-ACCUEIL".to_owned(),
        tag: None,
        enrolled_at: hour(enrolled),
        last_seen_at: seen.map(hour),
        agent_version: "0.1.0".to_owned(),
        rules_version: String::new(),
        clock_offset_seconds: None,
        revoked_at: None,
        state: None,
        state_received_at: None,
    }
}

/// A set of marks, by kind and value.
fn shown(machine: &Machine, marks: &[(&str, u8)]) -> Vec<(MachineId, Mark)> {
    let mark = |(kind, value): &(&str, u8)| Mark {
        kind: (*kind).to_owned(),
        fingerprint: vec![*value; 32],
    };
    marks.iter().map(|told| (machine.id, mark(told))).collect()
}

const PC: [(&str, u8); 4] = [("system", 1), ("serial", 2), ("disk", 3), (INSTALLATION, 4)];
const PC_ANEW: [(&str, u8); 4] = [("system", 1), ("serial", 2), ("disk", 9), (INSTALLATION, 8)];

fn town(machines: &[(&Machine, &[(&str, u8)])]) -> Known {
    Known {
        machines: machines
            .iter()
            .map(|(machine, _)| (*machine).clone())
            .collect(),
        marks: machines
            .iter()
            .flat_map(|(machine, marks)| shown(machine, marks))
            .collect(),
        ..Known::default()
    }
}

fn pairs_of(known: &Known) -> Vec<(MachineId, MachineId)> {
    let proposals = proposals(known).into_iter();
    proposals
        .map(|proposal| (proposal.pair.older, proposal.pair.newer))
        .collect()
}

#[test]
fn a_machine_installed_anew_is_proposed() {
    let (older, newer) = (machine(1, Some(5)), machine(6, Some(9)));
    let known = town(&[(&newer, &PC_ANEW), (&older, &PC)]);
    assert_eq!(pairs_of(&known), [(older.id, newer.id)]);
}

#[test]
fn two_systems_that_start_in_turns_are_two() {
    let (older, newer) = (machine(1, Some(7)), machine(6, Some(9)));
    assert_eq!(pairs_of(&town(&[(&older, &PC), (&newer, &PC_ANEW)])), []);
}

#[test]
fn a_name_or_an_image_in_common_says_nothing() {
    let (older, newer) = (machine(1, Some(5)), machine(6, Some(9)));
    let same_image = [("system", 7), ("serial", 8), (INSTALLATION, 4)];
    let same_disk = [("system", 7), ("serial", 8), ("disk", 3), (INSTALLATION, 4)];
    for marks in [&[][..], &same_image, &same_disk] {
        assert_eq!(pairs_of(&town(&[(&older, &PC), (&newer, marks)])), []);
    }
}

#[test]
fn who_was_revoked_merged_or_told_apart_is_not_proposed() {
    let (older, newer) = (machine(1, Some(5)), machine(6, Some(9)));
    let known = || town(&[(&older, &PC), (&newer, &PC_ANEW)]);
    let decision = PairDecision {
        pair: Pair {
            older: older.id,
            newer: newer.id,
        },
        by_name: "Camille".to_owned(),
        at: Timestamp::UNIX_EPOCH,
    };
    let mut merged = known();
    merged.merges.push(decision.clone());
    let mut told_apart = known();
    told_apart.distinctions.push(decision);
    let mut revoked = known();
    revoked.machines[0].revoked_at = Some(Timestamp::UNIX_EPOCH);
    for known in [merged, told_apart, revoked] {
        assert_eq!(pairs_of(&known), []);
    }
}

#[test]
fn of_a_machine_installed_three_times_each_is_proposed_for_the_next() {
    let [first, second, third] = [(1, 2), (3, 4), (5, 6)].map(|(at, seen)| machine(at, Some(seen)));
    let known = town(&[(&third, &PC), (&first, &PC), (&second, &PC)]);
    assert_eq!(
        pairs_of(&known),
        [(first.id, second.id), (second.id, third.id)]
    );
}

#[test]
fn a_copy_is_proposed_once_its_origin_is_silent() {
    let other = [("system", 7), ("disk", 3), (INSTALLATION, 4)];
    let copied = |origin: &Machine, copy: &Machine| {
        let mut known = town(&[(origin, &PC), (copy, &other)]);
        known.detachments.push(Detachment {
            machine: copy.id,
            origin: origin.id,
            at: copy.enrolled_at,
        });
        proposals(&known)
    };
    let (silent, copy) = (machine(1, Some(5)), machine(6, Some(9)));
    assert_eq!(copied(&silent, &copy)[0].reason, Reason::CopiedDisk);
    // A golden image whose first machine lives on.
    assert_eq!(copied(&machine(1, Some(8)), &copy), []);
}
