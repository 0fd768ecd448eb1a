//! How hard a pass may work: its share of the processor, bytes a second, hours of the day, not on battery.
//!
//! In: limits of the configuration and the policy. Out: pauses between two files, or the word that the pass has to stop for
//! now; what it has learnt is remembered, so that it goes on later where it stopped. Called by `schedule`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::platform;

/// The least work that is worth a pause.
const LEAST_WORK: Duration = Duration::from_millis(20);
/// How soon a pause ends when the agent is stopped.
const SLICE: Duration = Duration::from_millis(200);
/// How often the clock and the battery are looked at.
const LOOK: Duration = Duration::from_secs(15);

/// What the configuration and the policy allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of one core, on average; none: all of it.
    pub processor_percent: Option<u32>,
    pub bytes_per_second: Option<u64>,
    /// From the first to the second, local time; over midnight when the second is earlier.
    pub hours: Option<(Time, Time)>,
    /// Whether work goes on without mains.
    pub on_battery: bool,
}

/// Why a pass has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wait {
    #[error("hors des heures prévues")]
    Hours,
    #[error("le poste est sur batterie")]
    Battery,
}

/// The pace of one pass.
pub struct Pace<'s> {
    limits: &'s Limits,
    stopping: &'s AtomicBool,
    /// When the work began that no pause has followed yet, and the bytes of it.
    since: Instant,
    bytes: u64,
    looked: Instant,
}

impl Limits {
    /// Whether work may go on at this moment.
    pub fn allow(&self, now: Timestamp) -> Result<(), Wait> {
        let time = now.to_zoned(TimeZone::system()).time();
        if self.hours.is_some_and(|hours| !is_within(hours, time)) {
            return Err(Wait::Hours);
        }
        if !self.on_battery && platform::is_on_battery() {
            return Err(Wait::Battery);
        }
        Ok(())
    }

    /// The pause that so much work calls for.
    fn pause(&self, worked: Duration, bytes: u64) -> Duration {
        let percent = self.processor_percent.unwrap_or(100).clamp(1, 100);
        let by_processor = worked * (100 - percent) / percent;
        let by_bytes = self.bytes_per_second.map_or(Duration::ZERO, |rate| {
            let due = Duration::from_millis(bytes.saturating_mul(1000) / rate.max(1));
            due.saturating_sub(worked)
        });
        by_processor.max(by_bytes)
    }
}

impl<'s> Pace<'s> {
    pub fn new(limits: &'s Limits, stopping: &'s AtomicBool) -> Self {
        let now = Instant::now();
        Self {
            limits,
            stopping,
            since: now,
            bytes: 0,
            looked: now,
        }
    }

    /// After a file of so many bytes: rests as long as it takes, and tells when the pass has to stop for now.
    pub fn rest(&mut self, bytes: u64) -> Result<(), Wait> {
        self.bytes = self.bytes.saturating_add(bytes);
        let worked = self.since.elapsed();
        if worked < LEAST_WORK && self.limits.pause(worked, self.bytes) < LEAST_WORK {
            return Ok(());
        }
        let until = Instant::now() + self.limits.pause(worked, self.bytes);
        while !self.stopping.load(Ordering::Relaxed) {
            if self.looked.elapsed() >= LOOK {
                self.looked = Instant::now();
                self.limits.allow(Timestamp::now())?;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(SLICE));
        }
        (self.since, self.bytes) = (Instant::now(), 0);
        Ok(())
    }
}

fn is_within((from, until): (Time, Time), time: Time) -> bool {
    if from <= until {
        from <= time && time < until
    } else {
        from <= time || time < until
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn hours_may_go_over_midnight() {
        let (evening, morning) = (time(19, 0, 0, 0), time(7, 0, 0, 0));
        let night = (evening, morning);
        for (hour, is_night) in [
            (18, false),
            (19, true),
            (23, true),
            (0, true),
            (6, true),
            (7, false),
        ] {
            let now = time(hour, 0, 0, 0);
            assert_eq!(is_within(night, now), is_night, "{hour} h");
            assert_eq!(is_within((morning, evening), now), !is_night, "{hour} h");
        }
        assert!(!is_within((evening, evening), evening));
    }

    #[test]
    fn a_tenth_of_a_core_rests_nine_times_as_long_as_it_works() {
        let limits = Limits {
            processor_percent: Some(10),
            ..Limits::default()
        };
        let worked = Duration::from_millis(100);
        assert_eq!(limits.pause(worked, 0), Duration::from_millis(900));
        assert_eq!(Limits::default().pause(worked, 1 << 30), Duration::ZERO);
    }

    #[test]
    fn bytes_are_spread_over_time() {
        let limits = Limits {
            bytes_per_second: Some(1_000_000),
            ..Limits::default()
        };
        let worked = Duration::from_millis(100);
        assert_eq!(limits.pause(worked, 5_000_000), Duration::from_millis(4900));
        assert_eq!(limits.pause(worked, 50_000), Duration::ZERO);
    }

    #[test]
    fn a_pause_ends_when_the_agent_stops() {
        let limits = Limits {
            bytes_per_second: Some(1),
            ..Limits::default()
        };
        let stopping = AtomicBool::new(true);
        assert_eq!(Pace::new(&limits, &stopping).rest(1 << 40), Ok(()));
    }
}
