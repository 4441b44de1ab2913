//! Who keeps what a device lets go of.
//!
//! A device that wants to let go of a shared model asks the others to keep it. Who says yes wants the model, and does not let go of one at that
//! moment; it lets go of it later only if yet another has all that it has. So however many let go of the same at once, one that has all of
//! it is left.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use uuid::Uuid;

use super::marks::Positions;
use super::message::Message;
use super::peer::Peer;
use super::select;
use super::session::{Post, Session, SessionError};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// What this device wants to let go of.
#[derive(Debug, Default)]
pub(super) struct Letting {
    now: Mutex<Wish>,
    kept: Notify,
}

#[derive(Debug, Default)]
struct Wish {
    model: Option<String>,
    /// Tells answers from those to an earlier wish.
    round: u64,
    /// What a device has that keeps it.
    kept: Option<Positions>,
}

impl Letting {
    fn now(&self) -> MutexGuard<'_, Wish> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as this lives, others cannot rely on this device.
#[derive(Debug)]
pub(crate) struct LettingGo<'a>(&'a Session);

impl LettingGo<'_> {
    /// What a device has that keeps the model. `None`: none says so.
    pub(crate) async fn keeper(&self) -> Option<Positions> {
        let kept = async {
            loop {
                if let Some((_, kept)) = self.0.kept_elsewhere() {
                    return kept;
                }
                self.0.letting.kept.notified().await;
            }
        };
        timeout(PATIENCE, kept).await.ok()
    }
}

impl Drop for LettingGo<'_> {
    fn drop(&mut self) {
        self.0.stay_with();
    }
}

impl Session {
    /// Wants to let go of a model, until what is returned is dropped. `None`: it wants to let go of one already.
    pub(crate) fn let_go(&self, model: &str) -> Option<LettingGo<'_>> {
        self.wants_to_let_go(model).then(|| LettingGo(self))
    }

    /// Others are asked with the next tick, and then with each, until one keeps it. `false`: it wants to let go of one already.
    pub(super) fn wants_to_let_go(&self, model: &str) -> bool {
        let mut wish = self.letting.now();
        if wish.model.is_some() {
            return false;
        }
        let round = self.replica.clock.now_ms().max(wish.round + 1);
        *wish = Wish { model: Some(model.to_owned()), round, kept: None };
        true
    }

    /// Does not want to any more, or has done so.
    pub(super) fn stay_with(&self) {
        let mut wish = self.letting.now();
        (wish.model, wish.kept) = (None, None);
    }

    /// What this device wants to let go of, and what another has that keeps it.
    pub(super) fn kept_elsewhere(&self) -> Option<(String, Positions)> {
        let wish = self.letting.now();
        wish.model.clone().zip(wish.kept.clone())
    }

    /// Asks those who can keep it as far as is known here.
    pub(super) fn ask_to_keep(&self, here: &Positions, peers: &BTreeMap<Uuid, Peer>, post: &mut Post) {
        let wish = self.letting.now();
        let Wish { model: Some(model), round, kept: None } = &*wish else { return };
        let keepers = self.keepers(model, here, peers);
        post.extend(keepers.map(|id| (id, Message::Keep { model: model.clone(), round: *round })));
    }

    /// What this device has, if another can rely on it for a model.
    pub(super) async fn keeps(&self, model: &str) -> Result<Option<Positions>, SessionError> {
        if self.letting.now().model.is_some() {
            return Ok(None);
        }
        // Read after that, so that what it let go of just before is known.
        let kept = self.transactions.kept().await?;
        let group = select::group(&self.replica.registry, model);
        let is_wanted = !group.is_empty() && group.iter().all(|model| !kept.unwanted.models.contains(model));
        Ok(is_wanted.then(|| Positions::clone(&kept.told())))
    }

    /// A device says that it keeps a model.
    pub(super) fn kept_there(&self, model: &str, round: u64, positions: Positions) {
        let mut wish = self.letting.now();
        if wish.model.as_deref() == Some(model) && wish.round == round {
            wish.kept = Some(positions);
            self.letting.kept.notify_one();
        }
    }
}
