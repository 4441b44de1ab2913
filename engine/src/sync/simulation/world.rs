//! Devices, the network between them, and time.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Bug;
use super::device::Device;
use super::network::{Faults, Network};
use super::random::Random;
use super::terms::Terms;
use crate::sync::leader::Term;
use crate::sync::marks::{Marks, Positions, is_about_pruning};
use crate::sync::message::Message;
use crate::sync::prune::LONG_GONE_MS;
use crate::sync::session::{HELLO_MS, Post};

/// A day.
const DAY_MS: u64 = 86_400_000;
/// When the world begins, in milliseconds since 1970.
const BEGINNING_MS: u64 = 1_800_000_000_000;

pub(super) struct World {
    pub(super) random: Random,
    pub(super) now_ms: u64,
    pub(super) devices: Vec<Device>,
    pub(super) network: Network,
    /// Whether devices lead now and then.
    pub(super) led: bool,
    terms: Terms,
    /// What must not be and was seen on the way, the first of it.
    pub(super) wrong: Option<String>,
    /// Who can ever talk to whom.
    links: Vec<(usize, usize)>,
    /// Who has begun to.
    joined: BTreeSet<usize>,
    pub(super) done: Done,
    pub(super) seen: Seen,
}

/// What users did and were told was done.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) tags_made: BTreeMap<String, BTreeSet<String>>,
    pub(super) tags_deleted: BTreeSet<String>,
    pub(super) links_made: BTreeSet<String>,
    pub(super) links_undone: BTreeSet<String>,
    pub(super) favorites: BTreeMap<Uuid, BTreeSet<bool>>,
    /// Names and covers that albums ever had.
    pub(super) albums: BTreeMap<String, (BTreeSet<String>, BTreeSet<Option<Uuid>>)>,
    pub(super) albums_deleted: BTreeSet<String>,
    pub(super) entries_made: BTreeSet<String>,
    pub(super) entries_undone: BTreeSet<String>,
    pub(super) content_tags_made: BTreeSet<String>,
    pub(super) content_tags_undone: BTreeSet<String>,
}

/// What happened, to see that the simulation gets to see it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) steps: u64,
    pub(super) messages: u64,
    pub(super) lost: u64,
    pub(super) repeated: u64,
    pub(super) crashes: u64,
    pub(super) partitions: u64,
    pub(super) waited: u64,
    pub(super) backfills: u64,
    pub(super) asked_for: u64,
    pub(super) conflicts: u64,
    pub(super) resolved: u64,
    pub(super) bulks: u64,
    pub(super) moves: u64,
    pub(super) evicted: u64,
    /// Shared models that devices let go of, and rows of them that were taken away.
    pub(super) let_go: u64,
    pub(super) evicted_rows: u64,
    /// Messages of leaders with changes, messages of an old term that were refused, votes, and terms that somebody wanted.
    pub(super) led: u64,
    pub(super) stale: u64,
    pub(super) votes: u64,
    pub(super) switched: u64,
    pub(super) tag_names: Vec<String>,
}

impl Seen {
    pub(super) fn add(&mut self, more: &Self) {
        self.steps += more.steps;
        self.messages += more.messages;
        self.lost += more.lost;
        self.repeated += more.repeated;
        self.crashes += more.crashes;
        self.partitions += more.partitions;
        self.waited += more.waited;
        self.backfills += more.backfills;
        self.asked_for += more.asked_for;
        self.conflicts += more.conflicts;
        self.resolved += more.resolved;
        self.bulks += more.bulks;
        self.moves += more.moves;
        self.evicted += more.evicted;
        self.let_go += more.let_go;
        self.evicted_rows += more.evicted_rows;
        self.led += more.led;
        self.stale += more.stale;
        self.votes += more.votes;
        self.switched += more.switched;
    }

    pub(super) fn assert_that_everything_happened(&self) {
        let Self { lost, repeated, crashes, partitions, waited, backfills, asked_for, .. } = self;
        let Self { conflicts, resolved, bulks, moves, evicted, led, stale, votes, switched, .. } = self;
        let Self { let_go, evicted_rows, .. } = self;
        for many in [
            lost,
            repeated,
            crashes,
            partitions,
            waited,
            backfills,
            asked_for,
            conflicts,
            resolved,
            bulks,
            moves,
            evicted,
            led,
            stale,
            votes,
            switched,
            let_go,
            evicted_rows,
        ] {
            assert!(*many > 0, "something never happens in this world: {self:?}");
        }
    }
}

impl World {
    pub(super) async fn new(seed: u64, bug: Option<Bug>) -> Self {
        let mut random = Random(seed);
        // Mostly a few, now and then up to ten.
        let most = if random.percent(15) { 9 } else { 4 };
        let count = usize::try_from(2 + random.below(most)).unwrap();
        let skewed = random.percent(40);
        // Small messages, so that a few changes are many messages.
        let batch = 1 + random.below(12);
        let mut devices = Vec::new();
        for _ in 0..count {
            let skew = if skewed { random.below(2 * DAY_MS) } else { DAY_MS };
            let skew_ms = i64::try_from(skew).unwrap() - i64::try_from(DAY_MS).unwrap();
            let (id, ids) = (random.uuid(), [random.uuid(), random.uuid()]);
            devices.push(Device::new(id, ids, BEGINNING_MS, skew_ms, batch, bug).await);
        }
        // A tree, so that everybody is reached, and some shortcuts.
        let mut links = Vec::new();
        for later in 1..count {
            links.push((usize::try_from(random.below(later as u64)).unwrap(), later));
            for other in 0..later {
                if random.percent(40) && !links.contains(&(other, later)) {
                    links.push((other, later));
                }
            }
        }
        let faults = Faults {
            dropped: random.below(30),
            repeated: random.below(30),
            delay_ms: if random.percent(50) { 0 } else { random.below(3_000) },
        };
        let mut network = Network::default();
        network.faults = faults;
        let (now_ms, led) = (BEGINNING_MS, Random(!seed).percent(40));
        let (done, seen) = (Done::default(), Seen::default());
        let (terms, wrong, joined) = (Terms::default(), None, BTreeSet::new());
        Self { random, now_ms, devices, network, led, terms, wrong, links, joined, done, seen }
    }

    /// A while in which everything happens.
    pub(super) async fn live(&mut self) {
        let steps = 30 + self.random.below(60);
        for _ in 0..steps {
            if self.wrong.is_some() {
                return;
            }
            self.seen.steps += 1;
            match self.random.below(100) {
                0..60 => self.somebody_acts().await,
                60..64 => self.cut_or_join(),
                64..67 => self.crash().await,
                67..75 => self.somebody_joins().await,
                75..80 if self.led => self.who_leads_changes().await,
                _ => self.time_passes().await,
            }
            if self.random.percent(40) {
                self.deliver().await;
            }
        }
    }

    /// The network gets well, and everybody is there, until nobody has anything to say.
    pub(super) async fn heal(&mut self) -> Result<(), String> {
        self.network.cut.clear();
        self.network.faults = Faults::default();
        for device in 0..self.devices.len() {
            self.join(device).await;
        }
        self.all_is_wanted().await;
        for _ in 0..60 {
            self.deliver().await;
            if self.is_settled().await {
                // Everybody says hello once more, so that all know what all have.
                for _ in 0..2 {
                    self.pass(HELLO_MS).await;
                    self.deliver().await;
                }
                return Ok(());
            }
            self.pass(2_500).await;
        }
        Err("the devices do not come to an end".to_owned())
    }

    async fn is_settled(&self) -> bool {
        let mut positions = Vec::new();
        for device in &self.devices {
            let mut these = Marks::load(&device.db.reader).await.unwrap().positions();
            these.retain(|(stream, _), at| !is_about_pruning(stream) && *at > 0);
            positions.push(these);
        }
        self.network.is_empty() && positions.windows(2).all(|two| two[0] == two[1])
    }

    async fn time_passes(&mut self) {
        let ms = match self.random.below(4) {
            0 => 0,
            1 => self.random.below(5),
            2 => self.random.below(3_000),
            // Now and then so long that who is not there is given up.
            _ if self.random.percent(4) => 2 * LONG_GONE_MS,
            _ => self.random.below(30_000),
        };
        self.pass(ms).await;
    }

    async fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        for place in 0..self.devices.len() {
            self.devices[place].set_clock(self.now_ms);
            if self.joined.contains(&place) {
                let post = self.devices[place].session.tick().await.unwrap();
                self.post(place, post).await;
            }
        }
    }

    fn cut_or_join(&mut self) {
        if self.network.cut.is_empty() {
            self.seen.partitions += 1;
            for (one, other) in self.links.clone() {
                if self.random.percent(60) {
                    self.network.cut.insert((self.devices[one].id, self.devices[other].id));
                }
            }
        } else {
            self.network.cut.clear();
        }
    }

    async fn crash(&mut self) {
        let place = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        self.seen.crashes += 1;
        self.network.forget(self.devices[place].id);
        self.devices[place].crash();
        if self.joined.remove(&place) && self.random.percent(50) {
            self.join(place).await;
        }
    }

    /// A device is told to lead, in place of another or of none; or it hands over, or ends it.
    async fn who_leads_changes(&mut self) {
        let place = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        let to = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        self.seen.switched += 1;
        let session = &self.devices[place].session;
        let what = self.random.below(8);
        match what {
            0 => session.lead_no_more().await.unwrap(),
            // It may not be the leader, or not reach the other one: then nothing happens.
            1..4 => drop(session.hand_over(self.devices[to].id).await),
            _ => session.lead().await.unwrap(),
        }
        if self.joined.contains(&place) {
            let post = session.tick().await.unwrap();
            self.post(place, post).await;
        }
        self.terms_hold(place, None, &Post::new()).await;
        if what > 5 {
            self.deliver().await;
            self.some_lose_the_others(place).await;
        }
    }

    /// The device and some others are cut off, for so long that those who are not may elect another leader, while all go on. The network is
    /// well again before both leaders know of each other.
    async fn some_lose_the_others(&mut self, place: usize) {
        let mut with = BTreeSet::from([place]);
        for other in 0..self.devices.len() {
            self.join(other).await;
            if self.random.percent(30) {
                with.insert(other);
            }
        }
        self.seen.partitions += 1;
        for (one, other) in self.links.clone() {
            if with.contains(&one) != with.contains(&other) {
                self.network.cut.insert((self.devices[one].id, self.devices[other].id));
            }
        }
        for round in 0..12 {
            // First another leader is elected, and then its log grows.
            if round > 4 {
                self.somebody_acts().await;
            }
            self.pass(3_000).await;
            self.deliver().await;
        }
        self.network.cut.clear();
    }

    /// All messages arrive for a while.
    pub(super) async fn some_quiet(&mut self, place: usize) {
        self.join(place).await;
        let faults = std::mem::take(&mut self.network.faults);
        for _ in 0..2 {
            self.deliver().await;
            self.pass(2_500).await;
        }
        self.deliver().await;
        self.network.faults = faults;
    }

    pub(super) fn is_there(&self, place: usize) -> bool {
        self.joined.contains(&place)
    }

    async fn somebody_joins(&mut self) {
        let place = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        self.join(place).await;
    }

    /// A device begins to talk to those it can talk to.
    async fn join(&mut self, place: usize) {
        if !self.joined.insert(place) {
            return;
        }
        let others: Vec<usize> = self
            .links
            .iter()
            .filter_map(|(one, other)| match (*one == place, *other == place) {
                (true, _) => Some(*other),
                (_, true) => Some(*one),
                _ => None,
            })
            .filter(|other| self.joined.contains(other))
            .collect();
        for other in others {
            for (from, to) in [(place, other), (other, place)] {
                let post = self.devices[from].session.connect(self.devices[to].id).await.unwrap();
                self.post(from, post).await;
            }
        }
    }

    /// Everything that has arrived is read and answered.
    pub(super) async fn deliver(&mut self) {
        for _ in 0..2_000 {
            if self.wrong.is_some() {
                return;
            }
            let Some((from, to, bytes)) = self.network.arrived(self.now_ms) else { break };
            let Some(place) = self.devices.iter().position(|device| device.id == to) else { continue };
            if !self.joined.contains(&place) {
                continue;
            }
            self.seen.messages += 1;
            let message = Message::decode(&bytes).unwrap();
            match &message {
                Message::Rows { .. } => self.seen.backfills += 1,
                Message::Missing { .. } => self.seen.waited += 1,
                Message::Led { changes, .. } if !changes.is_empty() => self.seen.led += 1,
                Message::Stale { .. } => self.seen.stale += 1,
                Message::Vote { given: true, .. } => self.seen.votes += 1,
                Message::Found { owned, shared } => {
                    self.seen.asked_for += (owned.len() + shared.len()) as u64
                }
                _ => {}
            }
            let before = self.terms.before(&self.devices[place], &message).await;
            let post = self.devices[place].session.handle(from, message).await.unwrap();
            self.devices[place].read_events().await;
            if self.led {
                self.terms_hold(place, before, &post).await;
            }
            self.post(place, post).await;
            self.lets_go(place).await;
        }
        self.seen.lost = self.network.lost;
        self.seen.repeated = self.network.repeated;
    }

    async fn terms_hold(&mut self, place: usize, before: Option<(Term, Positions)>, answer: &Post) {
        let hold = self.terms.hold(&self.devices[place], before, answer).await;
        self.wrong = self.wrong.take().or(hold.err());
    }

    pub(super) async fn post(&mut self, from: usize, post: Post) {
        let sent = self.terms.sends(&self.devices[from], &post).await;
        self.wrong = self.wrong.take().or(sent.err());
        for (to, message) in post {
            let bytes = message.encode().unwrap();
            let from = self.devices[from].id;
            self.network.send(&mut self.random, self.now_ms, from, to, bytes);
        }
    }
}
