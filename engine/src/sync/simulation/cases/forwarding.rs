//! Devices that are all connected with each other: who sends what on.

use super::{Few, index, tagged};
use crate::sync::session::{RELAY_MS, TELL_MS};

/// Each is connected with each.
async fn all_connected(count: usize) -> Few {
    let mut few = Few::new(count, 100).await;
    for one in 0..count {
        for other in 0..one {
            few.connect(other, one).await;
        }
    }
    few.settle().await;
    few.brought.clear();
    few
}

/// Lets time pass in small steps, and delivers what is said.
async fn pass(few: &mut Few, ms: u64) {
    for _ in 0..ms / 500 {
        few.pass(500);
        for place in 0..few.devices.len() {
            let post = few.devices[place].session.tick().await.unwrap();
            few.post(place, post);
        }
        while few.deliver_one().await {}
    }
}

#[tokio::test]
async fn a_change_among_10_connected_devices_is_sent_9_times() {
    let mut few = all_connected(10).await;
    few.commit(3, vec![tagged("t", "t")]).await;
    while few.deliver_one().await {}
    let mut reached: Vec<usize> = few.brought.iter().map(|(to, _)| *to).collect();
    reached.sort_unstable();
    assert_eq!(reached, [0, 1, 2, 4, 5, 6, 7, 8, 9]);
    // Also later nobody thinks that it is missing somewhere.
    pass(&mut few, 2 * RELAY_MS).await;
    assert_eq!(few.brought.len(), 9);
    let row = few.file_in_root(5, 77, "file").await;
    few.commit(5, vec![index(vec![row])]).await;
    pass(&mut few, 2 * RELAY_MS).await;
    assert_eq!(few.brought.len(), 2 * 9, "rows that a device owns are no different");
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_came_from_a_device_that_goes_away_is_passed_on_to_those_it_did_not_reach() {
    let mut few = all_connected(5).await;
    few.commit(0, vec![tagged("t", "t")]).await;
    // It reaches one of them.
    few.on_the_way.retain(|(from, to, _)| (*from, *to) == (0, 1));
    while few.deliver_one().await {}
    assert_eq!(few.brought, [(1, 1)]);
    for other in 1..5 {
        few.disconnect(0, other).await;
    }
    while few.deliver_one().await {}
    for place in 1..5 {
        assert_eq!(few.names(place).await, ["t"]);
    }
    for other in 1..5 {
        few.connect(0, other).await;
    }
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_does_not_come_from_where_it_is_expected_is_passed_on_after_a_while() {
    let mut few = all_connected(3).await;
    few.commit(0, vec![tagged("t", "t")]).await;
    few.on_the_way.retain(|(from, to, _)| (*from, *to) == (0, 1));
    // The first says nothing any more, and the third has not noticed.
    few.connected.remove(&(0, 2));
    while few.deliver_one().await {}
    pass(&mut few, RELAY_MS - TELL_MS).await;
    assert_eq!(few.names(2).await, [""; 0], "it may still come");
    pass(&mut few, 2 * TELL_MS).await;
    assert_eq!(few.names(2).await, ["t"]);
}

#[tokio::test]
async fn what_a_device_that_is_not_connected_to_all_did_reaches_all() {
    let mut few = all_connected(4).await;
    few.disconnect(0, 2).await;
    few.disconnect(0, 3).await;
    while few.deliver_one().await {}
    few.commit(0, vec![tagged("t", "t")]).await;
    while few.deliver_one().await {}
    for place in 1..4 {
        assert_eq!(few.names(place).await, ["t"], "at once");
    }
}
