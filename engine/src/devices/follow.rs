//! Keeps what clients see of the devices up to date.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::EntityTrait;
use tokio::sync::watch;
use tokio::time::{interval, sleep};
use uuid::Uuid;

use super::Devices;
use super::filling::Filling;
use super::state::{Facts, next};
use crate::database::entity::device_status;
use crate::database::entity::device_status::{DeviceRole, DeviceState};
use crate::jobs::Jobs;
use crate::net::{NetError, Peer};
use crate::sync::{Session, Standing};
use crate::time::now_ms;
use crate::transaction::Write;

/// What happens within so short a time is told at once: counts that run are nobody's to read.
const TOGETHER: Duration = Duration::from_millis(150);
/// How often to look even if nothing happened.
const AT_LEAST: Duration = Duration::from_secs(30);

type Statuses = BTreeMap<Uuid, device_status::Model>;

/// Runs as long as there are devices to follow.
pub(super) async fn follow(
    devices: Weak<Devices>,
    session: Arc<Session>,
    jobs: Jobs,
    mut written: watch::Receiver<u64>,
) {
    let mut filling = Filling::new(jobs);
    let mut activity = session.activity();
    let mut ticks = interval(AT_LEAST);
    let Some(now) = devices.upgrade() else { return };
    let (mut book, mut paused) = (now.peers.changes(), now.paused.subscribe());
    drop(now);
    loop {
        let Some(now) = devices.upgrade() else { return };
        let mut live = now.net.get().map(|net| net.changes());
        if let Err(error) = now.look(&session, &mut filling).await {
            tracing::error!(%error, "how the devices stand was not written");
        }
        drop(now);
        tokio::select! {
            changed = written.changed() => if changed.is_err() { return },
            _ = activity.changed() => {}
            _ = book.changed() => {}
            _ = paused.changed() => {}
            () = moved(&mut live) => {}
            _ = ticks.tick() => {}
        }
        sleep(TOGETHER).await;
    }
}

/// Never, while there is no net.
async fn moved(live: &mut Option<watch::Receiver<u64>>) {
    match live {
        Some(live) => {
            if live.changed().await.is_err() {
                std::future::pending().await
            }
        }
        None => std::future::pending().await,
    }
}

impl Devices {
    /// Reads what changed, and writes what follows for the devices.
    async fn look(&self, session: &Session, filling: &mut Filling) -> Result<(), NetError> {
        self.peers.refresh().await?;
        self.peers.forget_removed().await?;
        let rows = device_status::Entity::find().all(&self.db.reader).await?;
        let before: Statuses = rows.into_iter().map(|row| (row.device_id, row)).collect();
        let standings = session.standings().await?;
        let (peers, leader) = (self.peers.all(), session.leader_now().await?);
        let is_new = !before.get(&self.host.device).is_some_and(|own| own.was_whole);
        filling.follow(&standings, is_new);
        let mut now = vec![own(self, before.get(&self.host.device), &peers, &standings)];
        for peer in &peers {
            let standing = standings.get(&peer.device).copied().unwrap_or_default();
            now.push(self.of(peer, before.get(&peer.device), standing));
        }
        for (id, gone) in before.iter().filter(|(_, row)| row.online) {
            if !now.iter().any(|row| row.device_id == *id) {
                now.push(device_status::Model { online: false, ..gone.clone() });
            }
        }
        for row in &mut now {
            row.role = DeviceRole::of(row.device_id, leader);
        }
        now.retain(|row| before.get(&row.device_id) != Some(row));
        if !now.is_empty() {
            self.transactions.commit(vec![Write::DeviceStatus(now)], None).await?;
        }
        Ok(())
    }

    fn of(
        &self,
        peer: &Peer,
        before: Option<&device_status::Model>,
        standing: Standing,
    ) -> device_status::Model {
        let net = self.net.get();
        let online = standing.is_heard && net.is_some_and(|net| net.is_live(peer.device));
        let problem =
            net.and_then(|net| net.problem(peer.device)).filter(|_| !online && !*self.paused.borrow());
        let facts = Facts {
            is_paused: problem.as_ref().is_some_and(|problem| problem.is_paused),
            has_met: online,
            is_behind: standing.pending > 0,
            is_filling: false,
        };
        let pending = i64::try_from(standing.pending).unwrap_or(i64::MAX);
        let problem = problem.map(|problem| problem.text);
        status(peer.device, before, facts, Seen { is_self: false, online, pending, problem })
    }
}

/// The engine's own device: it is behind if somebody has what is not here.
pub(super) fn own(
    devices: &Devices,
    before: Option<&device_status::Model>,
    peers: &[Peer],
    standings: &BTreeMap<Uuid, Standing>,
) -> device_status::Model {
    let is_paused = *devices.paused.borrow();
    let heard = || {
        let known = peers.iter().filter_map(|peer| standings.get(&peer.device));
        known.filter(|standing| standing.is_heard)
    };
    let facts = Facts {
        is_paused,
        // Alone, it has all there is.
        has_met: peers.is_empty() || heard().next().is_some(),
        is_behind: heard().any(|standing| standing.is_ahead),
        is_filling: heard().any(|standing| standing.is_filling),
    };
    let seen = Seen { is_self: true, online: !is_paused, pending: 0, problem: None };
    status(devices.host.device, before, facts, seen)
}

struct Seen {
    is_self: bool,
    online: bool,
    pending: i64,
    problem: Option<String>,
}

fn status(
    device: Uuid,
    before: Option<&device_status::Model>,
    facts: Facts,
    seen: Seen,
) -> device_status::Model {
    let Seen { is_self, online, pending, problem } = seen;
    let state = next(
        before.map_or(DeviceState::Uninitialized, |row| row.state),
        before.is_some_and(|row| row.was_whole),
        facts,
    );
    let was_whole = before.is_some_and(|row| row.was_whole) || state == DeviceState::Ready;
    let since = before.and_then(|row| row.behind_since_ms);
    let behind_since_ms = (pending > 0).then(|| since.unwrap_or_else(now_ms));
    device_status::Model {
        device_id: device,
        is_self,
        state,
        was_whole,
        online,
        pending,
        behind_since_ms,
        problem,
        role: before.map_or(DeviceRole::Peer, |row| row.role),
    }
}
