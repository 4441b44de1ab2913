//! Instants as nanoseconds since 1970, and as RFC 3339 text.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use larder_library::timestamp;

/// The system's clock.
pub(crate) fn now_ns() -> i64 {
    to_ns(SystemTime::now())
}

/// The system's clock, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    now_ns() / 1_000_000
}

/// Saturates beyond the years 1678 and 2262.
pub(crate) fn to_ns(time: SystemTime) -> i64 {
    let saturate = |nanos: u128| i64::try_from(nanos).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => saturate(after.as_nanos()),
        Err(before) => -saturate(before.duration().as_nanos()),
    }
}

/// UTC with milliseconds: always as wide, so that text order is time order.
pub(crate) fn rfc3339(ns: i64) -> String {
    timestamp::text(&DateTime::from_timestamp_nanos(ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_utc_with_milliseconds() {
        for (ns, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789_000_000, "2000-02-29T12:34:56.789Z"),
            (1_795_255_200_000_000_000, "2026-11-21T10:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (i64::MAX, "2262-04-11T23:47:16.854Z"),
            (i64::MIN, "1677-09-21T00:12:43.145Z"),
        ] {
            assert_eq!(rfc3339(ns), text);
        }
    }
}
