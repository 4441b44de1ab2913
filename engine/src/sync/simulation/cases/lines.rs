//! Rows that a device owns, as the lines of a message.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Few, index};
use crate::database::entity::file;
use crate::sync::registry::Registry;

async fn rows(few: &Few, names: impl Iterator<Item = String>) -> Vec<file::Model> {
    let first = few.file_in_root(0, 5_000, "").await;
    let row = |(number, name): (usize, String)| {
        let path = format!("{number} {name}");
        file::Model { id: Uuid::from_u128(5_000 + number as u128), path, name, ..first.clone() }
    };
    names.enumerate().map(row).collect()
}

#[tokio::test]
async fn a_line_that_is_no_row_stops_its_stream_and_what_comes_before_it_stays() {
    for is_read_before in [false, true] {
        let mut few = Few::in_a_row(2, 500).await;
        let rows = rows(&few, (0..5).map(|number| format!("f{number}"))).await;
        few.commit(0, vec![index(rows)]).await;
        let (_, _, bytes) = few.on_the_way.pop_front().unwrap();
        let mut lines: Vec<String> = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
        // After the message itself.
        let third = lines.iter().skip(1).position(|line| line.contains("\"f2\"")).unwrap() + 1;
        lines[third] = lines[third].replace("\"f2\"", "null");
        let message = super::Message::decode(format!("{}\n", lines.join("\n")).as_bytes()).unwrap();
        let replica = crate::sync::Replica::new(few.devices[1].id).unwrap();
        let registry: &Registry = &replica.registry;
        let message = if is_read_before { message.read(registry) } else { message };
        let sender = few.devices[0].id;
        let post = few.devices[1].session.handle(sender, message).await.unwrap();
        few.devices[1].read_events().await;
        assert_eq!(few.devices[1].files().await.len(), 2 + 2, "the two before it");
        few.post(1, post);
        few.settle().await;
        assert_eq!(few.devices[1].files().await.len(), 2 + 5, "the sender goes on from there");
        few.assert_the_same().await;
    }
}

#[tokio::test]
async fn a_part_with_other_fields_than_the_model_has_here_is_refused() {
    let mut few = Few::in_a_row(2, 500).await;
    let rows = rows(&few, (0..5).map(|number| format!("f{number}"))).await;
    few.commit(0, vec![index(rows)]).await;
    let (_, _, bytes) = few.on_the_way.pop_front().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(r#""name","extension""#), "{text}");
    let text = text.replace(r#""name","extension""#, r#""extension","name""#);
    let message = super::Message::decode(text.as_bytes()).unwrap();
    let sender = few.devices[0].id;
    few.devices[1].session.handle(sender, message).await.unwrap();
    assert_eq!(few.devices[1].files().await.len(), 2, "none of it");
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn rows_that_are_too_long_for_one_message_go_in_several() {
    let mut few = Few::in_a_row(2, 500).await;
    // In a message, each of these characters is six.
    let long = "\u{1}".repeat(3_000);
    let rows = rows(&few, (0..300).map(|number| format!("{number}{long}"))).await;
    few.commit(0, vec![index(rows)]).await;
    let mut messages = 0;
    loop {
        if let Some((0, _, bytes)) = few.on_the_way.front() {
            assert!(bytes.len() < 3 << 20, "{} bytes", bytes.len());
            messages += usize::from(bytes.len() > 100_000);
        }
        if !few.deliver_one().await {
            break;
        }
    }
    assert!(messages > 3, "{messages}");
    // Clients are not asked: the log of a device does not hold so much.
    let names = async |place: usize| {
        few.devices[place].files().await.into_iter().map(|row| (row.id, row.name)).collect::<BTreeSet<_>>()
    };
    let here = names(1).await;
    assert_eq!(here.len(), 2 + 300);
    assert!(here == names(0).await, "they differ");
}
