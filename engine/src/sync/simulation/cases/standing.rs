//! What devices know of how far each other is, where one leads.

use super::Few;

/// How many changes each of three devices believes that each other one lacks.
async fn pending(few: &Few) -> Vec<u64> {
    let mut pending = Vec::new();
    for device in &few.devices {
        let standings = device.session.standings().await.unwrap();
        let others = few.devices.iter().filter(|other| other.id != device.id);
        pending.extend(others.map(|other| standings[&other.id].pending));
    }
    pending
}

#[tokio::test]
async fn all_know_within_two_seconds_that_a_change_has_come_to_all_whoever_leads() {
    let mut few = Few::led(3, 100).await;
    for place in 0..3 {
        few.tag(place, &format!("of {place}")).await;
        assert!(pending(&few).await.iter().any(|pending| *pending > 0), "nothing was delivered yet");
        while few.deliver_one().await {}
        few.wait(2_000).await;
        assert_eq!(pending(&few).await, [0; 6], "after what {place} wrote");
    }
}
