use jiff::Timestamp;

use super::*;
use crate::model::OfferId;

const OLD: &str = "0.1.0";
const NEW: &str = "0.2.0";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// Seen after the offer, made at second 100.
fn machine(name: &str, tag: Option<&str>, version: &str) -> Machine {
    Machine {
        id: MachineId::generate(),
        host_name: name.to_owned(),
        tag: tag.map(str::to_owned),
        enrolled_at: at(0),
        last_seen_at: Some(at(200)),
        agent_version: version.to_owned(),
        rules_version: String::new(),
        clock_offset_seconds: None,
        revoked_at: None,
        state: None,
        state_received_at: None,
    }
}

fn offer(rings: &[&str]) -> UpdateOffer {
    UpdateOffer {
        id: OfferId::generate(),
        version: NEW.to_owned(),
        rings: rings.iter().map(|ring| ring.parse().unwrap()).collect(),
        offered_at: at(100),
    }
}

fn said(machine: &Machine, state: UpgradeState) -> Upgrade {
    Upgrade {
        machine: machine.id,
        version: NEW.to_owned(),
        state,
        reason: String::new(),
        at: at(300),
    }
}

/// Whom the version is offered to, by name.
fn offered(offer: &UpdateOffer, machines: &[Machine], upgrades: &[Upgrade]) -> Vec<String> {
    let rollout = Rollout::new(offer, machines, upgrades);
    let offered = machines
        .iter()
        .filter(|machine| rollout.is_offered_to(machine));
    offered.map(|machine| machine.host_name.clone()).collect()
}

#[test]
fn the_next_ring_waits_until_all_of_the_first_that_came_by_run_it() {
    let offer = offer(&["pilote", "100%"]);
    let mut machines = [
        machine("a", Some("pilote"), OLD),
        machine("b", Some("pilote"), OLD),
        machine("off", Some("pilote"), OLD),
        machine("rest", None, OLD),
    ];
    machines[2].last_seen_at = Some(at(50));
    assert_eq!(offered(&offer, &machines, &[]), ["a", "b", "off"]);

    machines[0].agent_version = NEW.to_owned();
    let mut upgrades = vec![said(&machines[0], UpgradeState::OnTrial)];
    assert_eq!(offered(&offer, &machines, &upgrades), ["b", "off"]);
    upgrades[0].state = UpgradeState::Runs;
    assert_eq!(offered(&offer, &machines, &upgrades), ["b", "off"]);

    machines[1].agent_version = NEW.to_owned();
    upgrades.push(said(&machines[1], UpgradeState::Runs));
    assert_eq!(offered(&offer, &machines, &upgrades), ["off", "rest"]);
}

#[test]
fn one_that_refuses_holds_up_nobody_unless_all_do() {
    let offer = offer(&["pilote", "100%"]);
    let mut machines = [
        machine("refuses", Some("pilote"), OLD),
        machine("runs", Some("pilote"), OLD),
        machine("rest", None, OLD),
    ];
    let mut upgrades = vec![
        said(&machines[0], UpgradeState::Refused),
        said(&machines[1], UpgradeState::Refused),
    ];
    assert_eq!(offered(&offer, &machines, &upgrades), ["refuses", "runs"]);
    upgrades[1].state = UpgradeState::Runs;
    machines[1].agent_version = NEW.to_owned();
    assert_eq!(offered(&offer, &machines, &upgrades), ["refuses", "rest"]);
}

#[test]
fn one_that_went_back_stops_it_for_all() {
    let offer = offer(&["pilote", "100%"]);
    let machines = [
        machine("a", Some("pilote"), OLD),
        machine("b", Some("pilote"), OLD),
        machine("c", None, OLD),
    ];
    let upgrades = [said(&machines[0], UpgradeState::RolledBack)];
    assert!(offered(&offer, &machines, &upgrades).is_empty());
    let rollout = Rollout::new(&offer, &machines, &upgrades);
    assert!(rollout.is_halted);
    assert_eq!(rollout.standing(&machines[0]), Standing::RolledBack);
    assert_eq!(rollout.standing(&machines[1]), Standing::Behind);
    assert_eq!(rollout.standing(&machines[2]), Standing::Waits);
}

#[test]
fn nothing_is_offered_to_a_newer_one_or_to_one_that_was_sent_away() {
    let offer = offer(&["100%"]);
    let mut machines = [
        machine("newer", None, "0.10.0"),
        machine("gone", None, OLD),
        machine("old", None, OLD),
    ];
    machines[1].revoked_at = Some(at(150));
    assert_eq!(offered(&offer, &machines, &[]), ["old"]);
}

#[test]
fn a_greater_share_holds_the_smaller() {
    let machines: Vec<Machine> = (0..300)
        .map(|rank| machine(&rank.to_string(), None, OLD))
        .collect();
    let held = |share: u8| -> Vec<&str> {
        let held = machines
            .iter()
            .filter(|machine| holds(&Ring::Percent(share), machine));
        held.map(|machine| machine.host_name.as_str()).collect()
    };
    let (few, more) = (held(10), held(50));
    assert!(few.iter().all(|name| more.contains(name)));
    assert!((5..70).contains(&few.len()) && (90..210).contains(&more.len()));
    assert_eq!(held(100).len(), machines.len());
}

#[test]
fn a_ring_is_a_tag_or_a_share() {
    assert_eq!("10%".parse(), Ok(Ring::Percent(10)));
    assert_eq!(
        "mairie annexe".parse(),
        Ok(Ring::Tag("mairie annexe".to_owned()))
    );
    for wrong in ["0%", "101%", "x%", " "] {
        assert!(wrong.parse::<Ring>().is_err(), "{wrong}");
    }
}
