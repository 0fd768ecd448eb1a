//! How many wrong passwords are too many. The store counts, this decides.

use jiff::{SignedDuration, Timestamp};

/// How far back failures are counted, and so how long a person waits at most.
pub(super) const WINDOW_MINUTES: i64 = 15;

const BY_LOGIN: u64 = 5;
/// Higher: a town hall goes out by one address.
const BY_ADDRESS: u64 = 30;

pub(super) fn window_start(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_mins(WINDOW_MINUTES))
        .unwrap_or(Timestamp::MIN)
}

pub(super) fn refuses(failures_of_login: u64, failures_of_address: u64) -> bool {
    failures_of_login >= BY_LOGIN || failures_of_address >= BY_ADDRESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_on_a_login_or_thirty_from_an_address_are_too_many() {
        assert!(!refuses(4, 29));
        assert!(refuses(5, 5));
        assert!(refuses(0, 30));
    }
}
