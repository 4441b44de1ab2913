//! Moments as text: UTC with milliseconds as in RFC 3339, always as wide, so that text order is time order.
//!
//! For `#[serde(with = "larder_library::timestamp")]`. Reading takes any RFC 3339.
//!
//! ```
//! use chrono::DateTime;
//! use larder_library::timestamp;
//!
//! assert_eq!(timestamp::text(&DateTime::UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
//! ```

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

/// The text of a moment between the years 0 and 9999; beyond them, of the nearest in them.
pub fn text(moment: &DateTime<Utc>) -> String {
    written(moment, str::to_owned)
}

/// Writes the text of a moment, as [`text`].
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    written(moment, |text| serializer.serialize_str(text))
}

/// Reads a moment from RFC 3339 text with any offset and any number of decimals.
///
/// # Errors
/// When there is no text, or the text is no moment.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = DateTime<Utc>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("a moment as in RFC 3339, such as \"2026-11-21T10:00:00.000Z\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            let moment = DateTime::parse_from_rfc3339(text);
            moment.map(DateTime::into).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }
    deserializer.deserialize_str(Text)
}

/// Hands on the text, which is written without a formatter because copies have two for each file.
fn written<T>(moment: &DateTime<Utc>, then: impl FnOnce(&str) -> T) -> T {
    let moment = match moment.year() {
        0..=9999 => moment.naive_utc(),
        year if year < 0 => return then("0000-01-01T00:00:00.000Z"),
        _ => return then("9999-12-31T23:59:59.999Z"),
    };
    let mut text = *b"0000-00-00T00:00:00.000Z";
    // A leap second is told by its milliseconds, which stay three digits.
    let millis = (moment.nanosecond() / 1_000_000).min(999);
    let numbers = [
        (moment.year().unsigned_abs(), 0..4),
        (moment.month(), 5..7),
        (moment.day(), 8..10),
        (moment.hour(), 11..13),
        (moment.minute(), 14..16),
        (moment.second(), 17..19),
        (millis, 20..23),
    ];
    for (mut number, place) in numbers {
        for digit in text.get_mut(place).into_iter().flatten().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
    then(std::str::from_utf8(&text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Row(#[serde(with = "super")] DateTime<Utc>);

    fn read(text: &str) -> Result<DateTime<Utc>, serde_json::Error> {
        serde_json::from_value::<Row>(serde_json::json!(text)).map(|row| row.0)
    }

    #[test]
    fn moments_are_written_with_milliseconds_and_read_back() {
        for text in [
            "1970-01-01T00:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T12:34:56.789Z",
            "0000-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            let json = serde_json::to_string(&Row(read(text).unwrap())).unwrap();
            assert_eq!(json, format!("\"{text}\""));
        }
    }

    #[test]
    fn what_is_finer_than_milliseconds_is_cut_off_and_never_rounded_up() {
        assert_eq!(text(&read("1969-12-31T23:59:59.9999999Z").unwrap()), "1969-12-31T23:59:59.999Z");
        assert_eq!(text(&read("2016-12-31T23:59:60.5Z").unwrap()), "2016-12-31T23:59:59.999Z");
    }

    #[test]
    fn other_offsets_are_the_same_moment() {
        assert_eq!(text(&read("2026-11-21T11:00:00+01:00").unwrap()), "2026-11-21T10:00:00.000Z");
    }

    #[test]
    fn years_of_other_widths_are_written_as_the_nearest_of_four_digits() {
        assert_eq!(text(&DateTime::<Utc>::MIN_UTC), "0000-01-01T00:00:00.000Z");
        assert_eq!(text(&DateTime::<Utc>::MAX_UTC), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn what_is_no_moment_is_refused_with_what_would_be_one() {
        let error = read("yesterday").unwrap_err().to_string();
        assert!(error.contains("\"yesterday\"") && error.contains("RFC 3339"), "{error}");
    }
}
