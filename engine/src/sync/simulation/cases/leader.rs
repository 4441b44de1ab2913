//! One device leads, and then another.

use uuid::Uuid;

use super::{Bug, Few, index, tagged};
use crate::sync::leader::{HEARTBEAT_MS, Leadership, SILENCE_MS};
use crate::sync::message::Message;

impl Few {
    /// Devices that are all connected with each other, of which the first leads.
    pub(super) async fn led(count: usize, batch: u64) -> Self {
        Self::led_with(count, batch, None).await
    }

    async fn led_with(count: usize, batch: u64, bug: Option<Bug>) -> Self {
        let mut few = Self::with(count, batch, bug).await;
        for one in 0..count {
            for other in one + 1..count {
                few.connect(one, other).await;
            }
        }
        few.settle().await;
        few.devices[0].session.lead().await.unwrap();
        few.settle().await;
        few
    }

    /// Some lose the others.
    async fn part(&mut self, some: &[usize]) {
        for (one, other) in self.connected.clone() {
            if some.contains(&one) != some.contains(&other) {
                self.disconnect(one, other).await;
            }
        }
    }

    /// All reach each other again.
    async fn meet(&mut self) {
        for one in 0..self.devices.len() {
            for other in one + 1..self.devices.len() {
                if !self.connected.contains(&(one, other)) {
                    self.connect(one, other).await;
                }
            }
        }
    }

    /// Time passes in which all say what they have to say.
    pub(super) async fn wait(&mut self, ms: u64) {
        for _ in 0..ms / 500 {
            self.pass(500);
            for place in 0..self.devices.len() {
                let post = self.devices[place].session.tick().await.unwrap();
                self.post(place, post);
            }
            while self.deliver_one().await {}
        }
    }

    async fn leadership(&self, place: usize) -> Leadership {
        self.devices[place].session.leadership().await.unwrap()
    }

    /// Who leads as these say, which is the same, and in which epoch.
    async fn leader(&self, places: &[usize]) -> (Option<usize>, u64) {
        let said = self.leadership(places[0]).await;
        for place in places {
            let also = self.leadership(*place).await;
            assert_eq!((also.leader, also.epoch), (said.leader, said.epoch), "{place}");
        }
        let leader = said.leader.map(|id| self.devices.iter().position(|device| device.id == id).unwrap());
        (leader, said.epoch)
    }

    pub(super) async fn tag(&mut self, place: usize, name: &str) {
        self.commit(place, vec![tagged(name, name)]).await;
    }
}

#[tokio::test]
async fn a_change_goes_once_to_each_of_ten_devices() {
    let mut few = Few::led(10, 100).await;
    few.brought.clear();
    few.tag(3, "of a follower").await;
    while few.deliver_one().await {}
    let mut places: Vec<usize> = few.brought.iter().map(|(place, _)| *place).collect();
    assert_eq!(places[0], 0, "it goes to the leader first");
    places.sort_unstable();
    assert_eq!(places, [0, 1, 2, 4, 5, 6, 7, 8, 9]);
    few.brought.clear();
    few.tag(0, "of the leader").await;
    few.settle().await;
    assert_eq!(few.brought, (1..10).map(|place| (place, 1)).collect::<Vec<_>>());
    few.assert_the_same().await;
}

#[tokio::test]
async fn when_the_leader_is_gone_another_is_elected_and_changes_go_on() {
    let mut few = Few::led(3, 100).await;
    assert_eq!(few.leader(&[0, 1, 2]).await, (Some(0), 1));
    few.part(&[0]).await;
    few.wait(SILENCE_MS - HEARTBEAT_MS).await;
    assert_eq!(few.leader(&[1, 2]).await, (Some(0), 1), "it may come back");
    few.wait(2 * SILENCE_MS).await;
    let (leader, epoch) = few.leader(&[1, 2]).await;
    assert!(leader.is_some_and(|leader| leader > 0) && epoch == 2, "{leader:?} {epoch}");
    few.tag(1, "one").await;
    few.tag(2, "two").await;
    while few.deliver_one().await {}
    assert_eq!(
        (few.names(1).await, few.names(2).await),
        (vec!["one".into(), "two".into()], few.names(1).await)
    );
}

#[tokio::test]
async fn a_deposed_leader_comes_back_with_what_it_wrote_alone_and_follows() {
    let mut few = Few::led(3, 2).await;
    few.part(&[0]).await;
    for number in 0..5 {
        few.tag(0, &format!("alone {number}")).await;
    }
    few.wait(3 * SILENCE_MS).await;
    let (leader, _) = few.leader(&[1, 2]).await;
    few.tag(1, "meanwhile").await;
    assert!(few.leadership(0).await.is_self, "it does not know yet");
    few.meet().await;
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2]).await, (leader, 2));
    assert_eq!(few.names(2).await.len(), 6);
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_a_deposed_leader_sends_is_refused_and_it_is_told_why() {
    let mut few = Few::led(3, 100).await;
    few.tag(0, "late").await;
    let (from, to, late) = few.on_the_way.iter().find(|(_, to, _)| *to == 2).unwrap().clone();
    few.on_the_way.clear();
    let (old, new) = (few.devices[from].id, few.devices[1].id);
    few.devices[1].session.lead().await.unwrap();
    let hello = few.devices[1].session.connect(few.devices[to].id).await.unwrap().remove(0).1;
    few.devices[to].session.handle(new, hello).await.unwrap();
    let answer = few.devices[to].session.handle(old, Message::decode(&late).unwrap()).await.unwrap();
    let [(told, Message::Stale { term })] = &answer[..] else { panic!("not refused: {answer:?}") };
    assert_eq!((*told, term.leader(), term.epoch), (old, Some(new), 2));
    assert!(few.names(2).await.is_empty());
    few.devices[from].session.handle(few.devices[to].id, answer[0].1.clone()).await.unwrap();
    assert!(!few.leadership(0).await.is_self);
    few.settle().await;
    assert_eq!(few.names(2).await, ["late"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_leader_hands_over_to_a_device_that_is_there() {
    let mut few = Few::led(4, 100).await;
    let ids: Vec<Uuid> = few.devices.iter().map(|device| device.id).collect();
    let refused = few.devices[2].session.hand_over(ids[1]).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.to_string().contains(&ids[0].to_string())),
        ("lead.not_leading", true)
    );
    few.disconnect(0, 3).await;
    let refused = few.devices[0].session.hand_over(ids[3]).await.unwrap_err();
    assert_eq!(refused.kind(), "lead.not_connected");
    few.connect(0, 3).await;
    few.tag(2, "before").await;
    few.devices[0].session.hand_over(ids[1]).await.unwrap();
    few.tag(2, "during").await;
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2, 3]).await, (Some(1), 2));
    few.brought.clear();
    few.tag(0, "after").await;
    few.settle().await;
    assert_eq!(few.brought, [(1, 1), (2, 1), (3, 1)]);
    few.assert_the_same().await;
    few.devices[1].session.lead_no_more().await.unwrap();
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2, 3]).await, (None, 0));
    few.tag(2, "without a leader").await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn few_of_many_elect_nobody_and_lose_nothing() {
    let mut few = Few::led(5, 100).await;
    few.part(&[3, 4]).await;
    few.tag(3, "of the few").await;
    few.tag(1, "of the many").await;
    few.wait(6 * SILENCE_MS).await;
    assert_eq!(few.leader(&[3, 4]).await, (Some(0), 1));
    assert!(!few.leadership(3).await.is_heard);
    assert_eq!(
        (few.names(4).await, few.names(2).await),
        (vec!["of the few".into()], vec!["of the many".into()])
    );
    few.meet().await;
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2, 3, 4]).await, (Some(0), 1), "the leader has been there all the time");
    few.assert_the_same().await;
    // The other way around: the leader is with the few.
    few.part(&[0, 1]).await;
    few.tag(1, "to a leader that is none").await;
    few.wait(3 * SILENCE_MS).await;
    let (leader, epoch) = few.leader(&[2, 3, 4]).await;
    assert!(leader.is_some_and(|leader| leader > 1) && epoch > 1, "{leader:?} {epoch}");
    few.meet().await;
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2, 3, 4]).await, (leader, epoch));
    assert_eq!(few.names(4).await.len(), 3);
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_follower_goes_on_from_its_position_after_a_restart() {
    let mut few = Few::led(3, 10).await;
    for number in 0..30 {
        few.tag(1, &format!("{number:02}")).await;
    }
    few.settle().await;
    few.part(&[2]).await;
    few.devices[2].crash();
    for number in 0..25 {
        few.tag(0, &format!("later {number:02}")).await;
    }
    few.settle().await;
    // The leader restarts, too: its log is in its database.
    few.part(&[0]).await;
    few.devices[0].crash();
    few.brought.clear();
    few.connect(0, 2).await;
    let mut pulls = Vec::new();
    while let Some((from, _, bytes)) = few.on_the_way.front() {
        if let (2, Ok(Message::Pull { position, positions, .. })) = (*from, Message::decode(bytes)) {
            pulls.push((position, positions.len()));
        }
        few.deliver_one().await;
    }
    assert!(matches!(pulls[0], (Some(_), 0)), "one number says where it is: {pulls:?}");
    let counts: Vec<(usize, usize)> = few.brought.clone();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), 25, "{counts:?}");
    assert!(counts.iter().all(|(place, _)| *place == 2));
    let last = pulls.last().unwrap().0;
    assert!(last > pulls[0].0, "{pulls:?}");
    few.meet().await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_follower_that_the_log_left_behind_fetches_all_and_goes_on() {
    use crate::sync::prune::LONG_GONE_MS;
    let mut few = Few::led(3, 7).await;
    few.tag(1, "before").await;
    few.settle().await;
    few.part(&[2]).await;
    few.tag(2, "alone").await;
    for number in 0..20 {
        few.tag(0, &format!("later {number:02}")).await;
    }
    few.settle().await;
    few.pass(LONG_GONE_MS + 1);
    few.settle().await;
    few.meet().await;
    few.settle().await;
    few.assert_the_same().await;
    assert_eq!(few.names(2).await.len(), 22);
    few.brought.clear();
    few.tag(1, "now").await;
    few.settle().await;
    assert_eq!(few.brought, [(0, 1), (2, 1)]);
}

#[tokio::test]
async fn a_device_that_does_not_reach_the_leader_gets_everything_from_one_that_does() {
    let mut few = Few::in_a_row(3, 100).await;
    few.devices[0].session.lead().await.unwrap();
    few.settle().await;
    few.wait(4 * SILENCE_MS).await;
    // It is not elected: the other one hears the leader.
    assert_eq!(few.leader(&[0, 1, 2]).await, (Some(0), 1));
    few.tag(0, "of the leader").await;
    few.tag(2, "from afar").await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn two_that_were_told_to_lead_at_the_same_time_agree_on_one() {
    let mut few = Few::led(4, 3).await;
    few.part(&[0, 1]).await;
    few.devices[1].session.lead().await.unwrap();
    few.devices[3].session.lead().await.unwrap();
    for place in 0..4 {
        few.tag(place, &format!("of {place}")).await;
    }
    few.settle().await;
    assert_eq!((few.leader(&[0, 1]).await, few.leader(&[2, 3]).await), ((Some(1), 2), (Some(3), 2)));
    few.meet().await;
    few.settle().await;
    assert_eq!(few.leader(&[0, 1, 2, 3]).await, (Some(3), 2));
    few.assert_the_same().await;
}

/// A device is away while another one begins to lead, and has a place in the log of the one before.
async fn places_of_two_logs(bug: Option<Bug>) -> Few {
    let mut few = Few::led_with(3, 100, bug).await;
    for name in ["a", "b", "c"] {
        few.tag(0, name).await;
    }
    few.settle().await;
    few.part(&[2]).await;
    few.devices[1].session.lead().await.unwrap();
    for name in ["x", "y", "z"] {
        few.tag(1, name).await;
    }
    let row = few.file_in_root(1, 70, "file").await;
    few.commit(1, vec![index(vec![row])]).await;
    few.settle().await;
    few.connect(1, 2).await;
    few.settle().await;
    few.settle().await;
    few
}

#[tokio::test]
async fn accepting_a_stale_epoch_is_found() {
    let right = places_of_two_logs(None).await;
    assert_eq!(right.names(2).await, ["a", "b", "c", "x", "y", "z"]);
    let wrong = places_of_two_logs(Some(Bug::AcceptStaleEpoch)).await;
    assert_eq!(
        wrong.names(2).await,
        ["a", "b", "c"],
        "it skips what the new leader numbered like the old one"
    );
    super::super::check::same(&wrong.devices).await.unwrap_err();
}
