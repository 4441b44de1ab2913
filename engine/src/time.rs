//! Instants as nanoseconds since 1970, and as RFC 3339 text.

use std::time::{SystemTime, UNIX_EPOCH};

const NS_PER_MS: i64 = 1_000_000;
const MS_PER_DAY: i64 = 86_400_000;

/// The system's clock.
pub(crate) fn now_ns() -> i64 {
    to_ns(SystemTime::now())
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
    let ms = ns.div_euclid(NS_PER_MS);
    let (day, ms) = (ms.div_euclid(MS_PER_DAY), ms.rem_euclid(MS_PER_DAY));
    let (year, month, date) = civil(day);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
}

/// Year, month and day of the month of a day counted from 1970-01-01. Years are taken to start in March, so that the leap
/// day is their last.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * march_month + 2) / 5 + 1)
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
