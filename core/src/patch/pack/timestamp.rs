//! Moments as in RFC 3339, in microseconds since 1970.

const MINUTES_OF_DAY: i64 = 24 * 60;

/// Reads `2026-11-21T10:00:00.123456Z`, also with an offset in place of the `Z`, small letters, or a blank for the `T`.
///
/// Digits of the second beyond the sixth are cut off. A leap second, which only the last minute of a day in UTC has, is
/// the last microsecond before it: a day of 86,400 seconds has no other place for it.
pub(super) fn micros(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else { return None };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (time, rest) = rest.split_at_checked(9)?;
    let [b'T' | b't' | b' ', h1, h2, b':', i1, i2, b':', s1, s2] = *time else { return None };
    let (hour, minute, second) = (two(h1, h2)?, two(i1, i2)?, two(s1, s2)?);
    let (fraction, rest) = fraction(rest)?;
    let offset = offset(rest)?;
    let is_date = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = days_since_1970(year, month, day) * MINUTES_OF_DAY + hour * 60 + minute - offset;
    let (second, fraction) = if second < 60 {
        (second, fraction)
    } else if minutes.rem_euclid(MINUTES_OF_DAY) == MINUTES_OF_DAY - 1 {
        (59, 999_999)
    } else {
        return None;
    };
    Some((minutes * 60 + second) * 1_000_000 + fraction)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// The microseconds behind the point, if there is one, and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some((b'.', text)) = text.split_first() else { return Some((0, text)) };
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length)?;
    if digits.is_empty() {
        return None;
    }
    let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(6);
    Some((padded.fold(0, |value, byte| value * 10 + i64::from(byte - b'0')), rest))
}

/// In minutes to the east.
fn offset(text: &[u8]) -> Option<i64> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            let offset = hours * 60 + minutes;
            (hours <= 23 && minutes <= 59).then_some(if sign == b'-' { -offset } else { offset })
        }
        _ => None,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// In the calendar of today, also before it was introduced. Years begin in March here, so that leap days are at their ends.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(micros(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn every_day_from_year_0_to_9999_is_the_one_after_the_day_before() {
        let mut expected = days_since_1970(0, 1, 1);
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(days_since_1970(year, month, day), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        check("1970-01-01T00:00:00Z", Some(0));
        check("2000-03-01T00:00:00Z", Some(11_017 * DAY));
        check("0000-01-01T00:00:00Z", Some(-719_528 * DAY));
        check("9999-12-31T23:59:59.999999Z", Some(2_932_897 * DAY - 1));
    }

    #[test]
    fn fractions_of_any_length_are_cut_to_microseconds() {
        for (fraction, expected) in [
            ("", 0),
            (".5", 500_000),
            (".000001", 1),
            (".123456", 123_456),
            (".1234569", 123_456),
            (".00000099999999999999999999", 0),
        ] {
            check(&format!("1970-01-01T00:00:01{fraction}Z"), Some(1_000_000 + expected));
        }
        check("1969-12-31T23:59:59.25Z", Some(-750_000));
    }

    #[test]
    fn an_offset_is_taken_off() {
        check("1970-01-01T02:00:00+02:00", Some(0));
        check("1969-12-31T18:29:00-05:31", Some(0));
        check("1970-01-01T00:00:00-00:00", Some(0));
        check("1970-01-01T00:00:00+23:59", Some(-86_340_000_000));
    }

    #[test]
    fn small_letters_and_a_blank_are_read() {
        check("1970-01-02t00:00:00z", Some(DAY));
        check("1970-01-02 00:00:00Z", Some(DAY));
    }

    #[test]
    fn a_leap_second_is_the_last_microsecond_before_it() {
        let last = micros(b"2016-12-31T23:59:59.999999Z");
        check("2016-12-31T23:59:60Z", last);
        check("2016-12-31T23:59:60.5Z", last);
        check("2017-01-01T00:59:60+01:00", last);
        check("2016-12-31T23:58:60Z", None);
        check("2016-12-31T23:59:60+01:00", None);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T10:00Z",
            "2026-11-21T10:00:00",
            "2026-11-21T10:00:00.Z",
            "2026-11-21T10:00:00,5Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T10:60:00Z",
            "2026-11-21T10:00:61Z",
            "2026-13-01T10:00:00Z",
            "2026-00-01T10:00:00Z",
            "2026-04-31T10:00:00Z",
            "2026-04-00T10:00:00Z",
            "2026-02-29T10:00:00Z",
            "2100-02-29T10:00:00Z",
            "2026-11-21T10:00:00+24:00",
            "2026-11-21T10:00:00+00:60",
            "2026-11-21T10:00:00+0100",
            "2026-11-21T10:00:00+01",
            "2026-11-21T10:00:00ZZ",
            "2026-11-21X10:00:00Z",
            "+026-11-21T10:00:00Z",
            "2026-1١-21T10:00:00Z",
        ] {
            check(text, None);
        }
        check("2024-02-29T00:00:00Z", Some(1_709_164_800_000_000));
        check("2000-02-29T00:00:00Z", Some(951_782_400_000_000));
    }
}
