//! Any row of any layout, packed and read again, is the row.

use larder::query::Query;
use larder::registry::{FieldType, LayoutField};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::reader::PackedRow;
use super::{cache, sent};

/// A value as it is in the row, and as the reader finds it.
#[derive(Debug, Clone)]
struct Pair {
    sent: Value,
    read: Value,
}

fn field_type() -> impl Strategy<Value = FieldType> {
    let leaf = prop_oneof![
        Just(FieldType::Text),
        Just(FieldType::Bool),
        Just(FieldType::Int),
        Just(FieldType::Float),
        Just(FieldType::Uuid),
        Just(FieldType::Timestamp),
        Just(FieldType::Json),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| FieldType::Optional(Box::new(inner))),
            inner.clone().prop_map(|inner| FieldType::List(Box::new(inner))),
            inner.clone().prop_map(|inner| FieldType::Map(Box::new(inner))),
            fields(inner).prop_map(FieldType::Struct),
        ]
    })
}

fn fields(field_type: impl Strategy<Value = FieldType>) -> impl Strategy<Value = Vec<LayoutField>> {
    btree_map("[a-d]{1,2}|é|a\\\\\"", field_type, 0..5).prop_map(|fields| {
        fields.into_iter().map(|(name, field_type)| LayoutField { name, field_type }).collect()
    })
}

fn same(value: impl Into<Value>) -> Pair {
    let value = value.into();
    Pair { sent: value.clone(), read: value }
}

/// A moment in this century, with an offset in minutes.
fn moment() -> impl Strategy<Value = Pair> {
    let date = (2000..2100_i64, 1..=12_i64, 1..=28_i64);
    let time = (0..24_i64, 0..60_i64, 0..60_i64, 0..1_000_000_i64);
    (date, time, -1439..=1439_i64).prop_map(|((year, month, day), (hour, minute, second, micros), offset)| {
        let leap = |year: i64| i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let february = 28 + leap(year);
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let years: i64 = (1970..year).map(|year| 365 + leap(year)).sum();
        let days = years + months[..month as usize - 1].iter().sum::<i64>() + day - 1;
        let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
        let sign = if offset < 0 { '-' } else { '+' };
        let (h, m) = (offset.abs() / 60, offset.abs() % 60);
        let text = format!(
            "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}{sign}{h:02}:{m:02}"
        );
        Pair { sent: text.into(), read: (seconds * 1_000_000 + micros).into() }
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn value(field_type: &FieldType) -> BoxedStrategy<Pair> {
    const SAFE: i64 = (1 << 53) - 1;
    match field_type {
        FieldType::Text => any::<String>().prop_map(same).boxed(),
        FieldType::Bool => any::<bool>().prop_map(same).boxed(),
        FieldType::Int => (-SAFE..=SAFE).prop_map(same).boxed(),
        FieldType::Float => {
            any::<f64>().prop_filter("JSON has it", |float| float.is_finite()).prop_map(same).boxed()
        }
        FieldType::Uuid => {
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}".prop_map(same).boxed()
        }
        FieldType::Timestamp => moment().boxed(),
        FieldType::Json => any_json().prop_map(same).boxed(),
        FieldType::Optional(inner) => prop_oneof![Just(same(Value::Null)), value(inner)].boxed(),
        FieldType::List(inner) => vec(value(inner), 0..4)
            .prop_map(|pairs| {
                let (sent, read): (Vec<_>, Vec<_>) =
                    pairs.into_iter().map(|pair| (pair.sent, pair.read)).unzip();
                Pair { sent: sent.into(), read: read.into() }
            })
            .boxed(),
        FieldType::Map(inner) => btree_map(any::<String>(), value(inner), 0..4).prop_map(object).boxed(),
        FieldType::Struct(fields) => structure(fields),
        _ => unreachable!("the tests make no others"),
    }
}

fn object(members: impl IntoIterator<Item = (String, Pair)>) -> Pair {
    let (mut sent, mut read) = (Map::new(), Map::new());
    for (key, pair) in members {
        sent.insert(key.clone(), pair.sent);
        read.insert(key, pair.read);
    }
    Pair { sent: sent.into(), read: read.into() }
}

fn structure(fields: &[LayoutField]) -> BoxedStrategy<Pair> {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let values: Vec<_> = fields.iter().map(|field| value(&field.field_type)).collect();
    values.prop_map(move |pairs| object(names.iter().cloned().zip(pairs))).boxed()
}

/// A row as text: its members in an order by `seed`, without some that are null, with some that nobody reads.
fn text(row: &Value, seed: u64) -> String {
    let mut members: Vec<(u64, String)> = vec![(seed, r#""id":"1""#.to_owned())];
    let mut state = seed;
    for (key, value) in row.as_object().unwrap() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if !(value.is_null() && state & 64 == 0) {
            members.push((state, format!("{}: {value}", Value::from(key.as_str()))));
        }
        if state & 128 == 0 {
            members.push((state >> 7, format!(r#""nobody {}" :[{{"a":1}}]"#, state >> 32)));
        }
    }
    members.sort();
    let members: Vec<String> = members.into_iter().map(|(_, member)| member).collect();
    format!("{{{}}}", members.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_was_packed_is_read_as_it_was(
        (layout, rows) in fields(field_type()).prop_flat_map(|layout| {
            let rows = vec((structure(&layout), any::<u64>()), 1..6);
            (Just(layout), rows)
        }),
    ) {
        let mut cache = cache(Some(layout.clone()));
        let _ = cache.mount(&Query::parse(r#"{"from":"file"}"#).unwrap());
        for (version, (row, seed)) in rows.into_iter().enumerate() {
            let mut resource = text(&row.sent, seed);
            // Each is another row, so that each is sent.
            resource.insert_str(1, &format!(r#""version":{version},"#));
            prop_assert_eq!(sent(&mut cache, &layout, &resource), [PackedRow::Packed(row.read)], "{}", resource);
        }
    }
}

#[test]
fn the_rows_of_the_test_are_of_many_kinds() {
    let row = json!({"a": null, "b": 1, "c": [2]});
    let texts: Vec<String> = (0..200).map(|seed| text(&row, u64::MAX / 200 * seed)).collect();
    for text in &texts {
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{text}");
    }
    for part in ["\"nobody", "\"a\": null", "\"c\": [2]}", "{\"id\""] {
        assert!(texts.iter().any(|text| text.contains(part)), "{part}");
        assert!(!texts.iter().all(|text| text.contains(part)), "{part}");
    }
}
