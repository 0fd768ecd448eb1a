//! The hour of the people who read the pages and choose dates: metropolitan France's.

use std::sync::LazyLock;

use jiff::tz::TimeZone;

/// By its rule, so that a server without a time zone database shows the right hour.
pub(crate) static PARIS: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC));
