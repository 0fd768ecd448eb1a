//! Is there a firewall, and does it refuse by default what comes in?
//!
//! The rules in force are asked of the kernel; where that needs a right that we lack, the settings of the usual front
//! ends tell.

use super::{Sheet, settings};
use crate::platform::System;

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    let Some(state) = ruleset(system).or_else(|| ufw(system)) else {
        return;
    };
    sheet.note("firewall.active", state.is_active, state.source);
    sheet.note(
        "firewall.default_deny",
        state.refuses_by_default,
        state.source,
    );
}

#[derive(Debug, PartialEq, Eq)]
struct State {
    is_active: bool,
    refuses_by_default: bool,
    source: &'static str,
}

/// nftables holds the rules of iptables (its usual backend), ufw and firewalld alike.
fn ruleset(system: &System) -> Option<State> {
    let rules = ["nft", "/usr/sbin/nft"]
        .iter()
        .find_map(|program| system.run(program, &["list", "ruleset"]).ok())?;
    // The older kernel interface keeps its rules apart.
    let legacy = system.read("/proc/net/ip_tables_names").unwrap_or_default();
    if rules.trim().is_empty() && !legacy.trim().is_empty() {
        return None;
    }
    Some(read_ruleset(&rules))
}

fn read_ruleset(rules: &str) -> State {
    let mut state = State {
        is_active: false,
        refuses_by_default: false,
        source: "nft list ruleset: hook input",
    };
    let mut in_input = false;
    for (_, line) in settings(rules) {
        if line.starts_with("chain ") {
            in_input = false;
        }
        if line.contains("hook input") {
            in_input = true;
            let refuses = line.contains("policy drop");
            state.refuses_by_default |= refuses;
            state.is_active |= refuses;
            continue;
        }
        if in_input && line != "}" {
            state.is_active = true;
        }
        // firewalld refuses at the end of its chains rather than by policy.
        let is_last_word = line == "drop" || line.starts_with("reject with");
        state.refuses_by_default |= is_last_word;
    }
    state
}

fn ufw(system: &System) -> Option<State> {
    let config = system.read("/etc/ufw/ufw.conf").ok()?;
    let defaults = system.read("/etc/default/ufw").ok()?;
    let is = |text: &str, key: &str, values: &[&str]| {
        let mut pairs = settings(text).filter_map(|(_, line)| line.split_once('='));
        let value = pairs
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.trim_matches('"').to_lowercase());
        value.is_some_and(|value| values.contains(&value.as_str()))
    };
    let is_active = is(&config, "ENABLED", &["yes"]);
    // Disabled, another tool may still have set rules.
    is_active.then(|| State {
        is_active,
        refuses_by_default: is(&defaults, "DEFAULT_INPUT_POLICY", &["drop", "reject"]),
        source: "/etc/ufw/ufw.conf, /etc/default/ufw",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_input_chain_protects_nothing() {
        let rules = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n";
        let state = read_ruleset(rules);
        assert!(!state.is_active && !state.refuses_by_default);
    }

    #[test]
    fn a_policy_of_drop_refuses_by_default() {
        let rules = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport 22 accept\n\t}\n}\n";
        let state = read_ruleset(rules);
        assert!(state.is_active && state.refuses_by_default);
    }

    #[test]
    fn no_rule_is_no_firewall() {
        assert!(!read_ruleset("").is_active);
    }
}
