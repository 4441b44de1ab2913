//! Prefixes keep their promise, and natural order is an order at all.

use larder::query::{
    Collation, Direction, FieldPath, Nulls, OrderKey, Value, byte_prefix, key_prefix, natural_cmp,
    natural_prefix,
};
use proptest::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Texts that are alike where it matters: numbers of many lengths, chars around the digits, chars that grow in lowercase.
fn arb_name() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec![
            "a", "A", "b", "z", "Z", "_", "-", " ", "/", ":", "\0", "\u{1}", "İ", "i\u{307}", "é", "É", "ß", "\u{212a}", "Σ", "ς", "😀",
            "\u{7f}", "\u{80}", "\u{10ffff}", "٣", "IMG_", "img_",
        ]).prop_map(str::to_owned),
        3 => "0{0,3}[0-9]{1,4}",
        2 => "[0-9]{7,11}",
        1 => (0..3_usize, 1..9_u8, 240..280_usize, "[0-9]{1,2}")
            .prop_map(|(zeros, digit, count, end)| format!("{}{}{end}", "0".repeat(zeros), digit.to_string().repeat(count))),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// Two texts that often begin alike.
fn arb_names() -> impl Strategy<Value = (String, String, String)> {
    (arb_name(), arb_name(), arb_name(), arb_name(), 0..4_u8).prop_map(
        |(start, a, b, c, shared)| match shared {
            0 => (a, b, c),
            1 => (format!("{start}{a}"), format!("{start}{b}"), format!("{start}{c}")),
            2 => (
                format!("{start}{a}"),
                format!("{}{b}", start.to_uppercase()),
                format!("{}{c}", start.to_lowercase()),
            ),
            _ => (start.clone(), format!("{start}{b}"), format!("{start}{a}{c}")),
        },
    )
}

fn arb_value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => any::<f64>().prop_filter("JSON has no NaN", |number| number.is_finite()).prop_map(Value::Number),
        2 => (-4..5_i32).prop_map(|number| Value::Number(f64::from(number) / 2.0)),
        1 => prop::sample::select(vec![-0.0, 0.0, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 5e-324, -5e-324]).prop_map(Value::Number),
        4 => arb_name().prop_map(|text| Value::Text(Cow::Owned(text))),
        1 => any::<String>().prop_map(|text| Value::Text(Cow::Owned(text))),
        1 => Just(Value::Composite),
    ]
}

fn arb_key() -> impl Strategy<Value = OrderKey> {
    let path = FieldPath::parse("a").expect("valid");
    (
        prop::sample::select(vec![Direction::Ascending, Direction::Descending]),
        prop::sample::select(vec![Nulls::First, Nulls::Last]),
        prop::sample::select(vec![Collation::Byte, Collation::Natural]),
    )
        .prop_map(move |(direction, nulls, collation)| OrderKey {
            path: path.clone(),
            direction,
            nulls,
            collation,
        })
}

/// A prefix may leave things open, but not contradict.
fn agrees(prefix: Ordering, full: Ordering) -> bool {
    prefix == Ordering::Equal || prefix == full
}

proptest! {
    // These are cheap, and what they look for is rare.
    #![proptest_config(ProptestConfig::with_cases(16 * ProptestConfig::default().cases))]

    #[test]
    fn a_natural_prefix_never_contradicts_natural_order((a, b, _) in arb_names()) {
        let prefix = natural_prefix(&a).cmp(&natural_prefix(&b));
        prop_assert!(agrees(prefix, natural_cmp(&a, &b)), "{a:?} {b:?} {prefix:?}");
    }

    #[test]
    fn a_natural_prefix_is_the_same_for_equal_texts(a in arb_name()) {
        let zeros: String = a.split_inclusive(|char: char| !char.is_ascii_digit())
            .map(|part| if part.starts_with(|char: char| char.is_ascii_digit()) { format!("00{part}") } else { part.to_owned() })
            .collect();
        let lower: String = zeros.chars().flat_map(char::to_lowercase).collect();
        for other in [zeros, lower] {
            prop_assert_eq!(natural_cmp(&a, &other), Ordering::Equal, "{:?}", other);
            prop_assert_eq!(natural_prefix(&a), natural_prefix(&other), "{:?}", other);
        }
    }

    #[test]
    fn a_byte_prefix_never_contradicts_byte_order((a, b, _) in arb_names()) {
        prop_assert!(agrees(byte_prefix(&a).cmp(&byte_prefix(&b)), a.as_bytes().cmp(b.as_bytes())));
    }

    #[test]
    fn natural_order_is_consistent((a, b, c) in arb_names()) {
        let order = natural_cmp(&a, &b);
        prop_assert_eq!(natural_cmp(&a, &a), Ordering::Equal);
        prop_assert_eq!(natural_cmp(&b, &a), order.reverse());
        let (then, whole) = (natural_cmp(&b, &c), natural_cmp(&a, &c));
        if order == then {
            prop_assert_eq!(whole, order);
        } else if order == Ordering::Equal {
            prop_assert_eq!(whole, then);
        } else if then == Ordering::Equal {
            prop_assert_eq!(whole, order);
        }
    }

    #[test]
    fn a_key_prefix_never_contradicts_the_key(key in arb_key(), a in arb_value(), b in arb_value()) {
        let order = key.compare(&a, &b);
        let prefix = key_prefix(&a, &key).cmp(&key_prefix(&b, &key));
        prop_assert!(agrees(prefix, order), "{key:?} {a:?} {b:?}: {prefix:?}, but {order:?}");
        prop_assert_eq!(key.compare(&b, &a), order.reverse());
    }

    #[test]
    fn values_of_different_types_are_told_apart_by_their_prefix(key in arb_key(), a in arb_value(), b in arb_value()) {
        if a.rank() != b.rank() {
            prop_assert_eq!(key_prefix(&a, &key).cmp(&key_prefix(&b, &key)), key.compare(&a, &b));
        }
    }
}

#[test]
fn prefixes_tell_common_names_and_numbers_apart() {
    let names = ["", "2", "3 x", "img_8", "IMG_9", "img_10", "IMG_1000", "img_1001", "z"];
    for pair in names.windows(2) {
        assert!(natural_prefix(pair[0]) < natural_prefix(pair[1]), "{pair:?}");
    }
    let key = OrderKey::ascending(FieldPath::parse("size").expect("valid"));
    for number in [0.0, 1.0, 4096.0, 1e12, 1e15] {
        assert!(
            key_prefix(&Value::Number(number), &key) < key_prefix(&Value::Number(number + 1.0), &key),
            "{number}"
        );
    }
}
