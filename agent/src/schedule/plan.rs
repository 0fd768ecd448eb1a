//! What is to be done, and when: the configuration with the policy laid over it, against what was completed.
//!
//! In: both, and the moment. Out: a [`Plan`] and what of it is [`Due`]. Called by the schedule.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{config::Config, pace, policy::Policy, scan::Allowance};

/// The configuration with the policy laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) roots: Vec<PathBuf>,
    pub(super) excluded: Vec<String>,
    pub(super) include_private_folders: bool,
    pub(super) max_file_bytes: u64,
    pub(super) disabled_detectors: Vec<String>,
    pub(super) allowances: Vec<Allowance>,
    pub(super) scan_interval: Duration,
    pub(super) inventory_interval: Duration,
    pub(super) patience: Duration,
    pub(super) pace: pace::Limits,
    pub(super) spool_bytes: u64,
}

/// When each job was last completed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Completed {
    pub(super) inventory: Option<Timestamp>,
    pub(super) roots: BTreeMap<PathBuf, Timestamp>,
}

/// What is to be done now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) inventory: bool,
    pub(super) roots: Vec<PathBuf>,
}

impl Plan {
    pub(super) fn new(config: &Config, policy: Option<&Policy>) -> Self {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
        let scan = &config.scan;
        let mut plan = Self {
            roots: scan.roots.clone(),
            excluded: scan.excluded.clone(),
            include_private_folders: scan.include_private_folders,
            max_file_bytes: scan.max_file_bytes,
            disabled_detectors: Vec::new(),
            allowances: Vec::new(),
            scan_interval: hours(scan.interval_hours),
            inventory_interval: hours(config.inventory.interval_hours),
            patience: scan.patience(),
            pace: scan.pace(),
            spool_bytes: config.spool.max_bytes,
        };
        let Some(policy) = policy else { return plan };
        if !policy.roots.is_empty() {
            plan.roots.clone_from(&policy.roots);
        }
        // What the technician leaves out on this machine stays out.
        plan.excluded.extend(policy.excluded.iter().cloned());
        plan.include_private_folders = policy
            .include_private_folders
            .unwrap_or(plan.include_private_folders);
        plan.max_file_bytes = policy.max_file_bytes.unwrap_or(plan.max_file_bytes);
        plan.scan_interval = policy.scan_interval_hours.map_or(plan.scan_interval, hours);
        plan.disabled_detectors
            .clone_from(&policy.disabled_detectors);
        plan.allowances.clone_from(&policy.allowances);
        plan.spool_bytes = policy.spool_max_bytes.unwrap_or(plan.spool_bytes);
        let (own, wishes) = (&mut plan.pace, &policy.pace);
        own.processor_percent = wishes.processor_percent.or(own.processor_percent);
        own.bytes_per_second = wishes.bytes_per_second.or(own.bytes_per_second);
        own.hours = wishes.hours.or(own.hours);
        own.on_battery = wishes.on_battery.unwrap_or(own.on_battery);
        plan
    }

    pub(super) fn due(&self, completed: &Completed, now: Timestamp) -> Due {
        let is_due = |last: Option<&Timestamp>, interval: Duration| match last {
            None => true,
            // Completed in the future: the clock was wrong, then or now.
            Some(last) => *last > now || now.duration_since(*last).unsigned_abs() >= interval,
        };
        let root_is_due = |root: &&PathBuf| is_due(completed.roots.get(*root), self.scan_interval);
        Due {
            inventory: is_due(completed.inventory.as_ref(), self.inventory_interval),
            roots: self.roots.iter().filter(root_is_due).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PaceWishes;

    fn plan() -> Plan {
        let mut config = Config::default();
        config.scan.roots = vec![PathBuf::from("/srv/a"), PathBuf::from("/srv/b")];
        Plan::new(&config, None)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_first_start_does_everything() {
        let due = plan().due(&Completed::default(), at("2026-11-21T08:00:00Z"));
        assert!(due.inventory);
        assert_eq!(due.roots.len(), 2);
    }

    #[test]
    fn a_root_is_due_again_after_its_interval() {
        let completed = Completed {
            inventory: Some(at("2026-11-21T08:00:00Z")),
            roots: [
                (PathBuf::from("/srv/a"), at("2026-11-21T08:00:00Z")),
                (PathBuf::from("/srv/b"), at("2026-11-20T07:00:00Z")),
            ]
            .into(),
        };
        let due = plan().due(&completed, at("2026-11-21T09:00:00Z"));
        assert_eq!(
            due,
            Due {
                inventory: false,
                roots: vec![PathBuf::from("/srv/b")]
            }
        );
    }

    #[test]
    fn a_completion_in_the_future_does_not_count() {
        let completed = Completed {
            inventory: Some(at("2036-01-01T00:00:00Z")),
            ..Completed::default()
        };
        assert!(plan().due(&completed, at("2026-11-21T09:00:00Z")).inventory);
    }

    #[test]
    fn the_policy_prevails_but_keeps_what_the_technician_excludes() {
        let mut config = Config::default();
        config.scan.roots = vec![PathBuf::from("/srv/a")];
        config.scan.excluded = vec!["**/photos/**".to_owned()];
        let policy = Policy {
            version: 1,
            roots: vec![PathBuf::from("/srv/partage")],
            excluded: vec!["**/iso/**".to_owned()],
            include_private_folders: None,
            max_file_bytes: None,
            scan_interval_hours: Some(168),
            disabled_detectors: vec!["plate".to_owned()],
            allowances: Vec::new(),
            spool_max_bytes: Some(1 << 20),
            collectors: Vec::new(),
            pace: PaceWishes {
                bytes_per_second: Some(1_000_000),
                on_battery: Some(true),
                ..PaceWishes::default()
            },
        };
        let plan = Plan::new(&config, Some(&policy));
        assert_eq!(plan.roots, [PathBuf::from("/srv/partage")]);
        assert_eq!(plan.excluded, ["**/photos/**", "**/iso/**"]);
        assert_eq!(plan.max_file_bytes, Config::default().scan.max_file_bytes);
        assert_eq!(plan.scan_interval, Duration::from_secs(168 * 3600));
        assert_eq!(plan.spool_bytes, 1 << 20);
        let expected = pace::Limits {
            bytes_per_second: Some(1_000_000),
            on_battery: true,
            ..config.scan.pace()
        };
        assert_eq!(plan.pace, expected);
    }
}
