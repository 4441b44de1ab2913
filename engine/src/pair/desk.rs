//! The device that shows a code: who comes with it, how often it was wrong, and what somebody said about it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

use super::code::Code;
use super::error::{PairError, Refused};
use super::exchange::{Agreed, Between, Exchange, Side};
use super::message::{self, Answer, Ask, Proof, VERSION, Verdict, Welcome};
use crate::net::{Channel, Goodbye, Peer, Peers, PublicKey};

/// How long a code is valid.
const VALID: Duration = Duration::from_secs(300);
/// How often a code may be wrong.
const ATTEMPTS: u32 = 5;
/// How often any code may be wrong within [`WINDOW`]; then no code is shown.
const WRONG_AT_MOST: usize = 20;
const WINDOW: Duration = Duration::from_secs(600);
/// How long the other device may take for a message, and somebody to agree.
const PATIENCE: Duration = Duration::from_secs(10);
const TO_AGREE: Duration = Duration::from_secs(60);

/// A code that is shown.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Invitation {
    /// What to type on the other device, as `123-456`.
    pub code: String,
    /// Where the other device finds this one.
    pub addresses: Vec<SocketAddr>,
    /// How long it is valid, in seconds.
    pub seconds: u64,
}

/// How far an invitation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// There is none.
    Closed,
    /// The code is shown; it may be wrong so many times more.
    Open {
        /// How often the code may be wrong yet.
        attempts: u32,
    },
    /// A device knows the code: somebody is to agree.
    Asking {
        /// What the device calls itself.
        name: String,
        /// The beginning of its key.
        fingerprint: String,
    },
    /// A device was paired.
    Paired {
        /// Its id.
        device: Uuid,
        /// What it calls itself.
        name: String,
    },
    /// The code was wrong too often, its time is over, or nobody agreed.
    Over,
}

/// What the desk says of the device that it stands on.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) device: Uuid,
    pub(crate) key: PublicKey,
    pub(crate) name: String,
    pub(crate) library: Uuid,
    pub(crate) library_name: String,
    /// How many devices a library may have.
    pub(crate) max_devices: usize,
}

/// Shows codes, and pairs those who come with one.
#[derive(Debug)]
pub(crate) struct Desk {
    host: Host,
    peers: Arc<Peers>,
    /// Whether strangers may shake hands.
    inviting: Arc<AtomicBool>,
    open: Mutex<Option<Open>>,
    /// When codes were wrong.
    wrong: Mutex<Vec<Instant>>,
    stage: watch::Sender<Stage>,
    decisions: watch::Sender<Option<bool>>,
    /// One device at a time.
    busy: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Open {
    code: Code,
    until: Instant,
    attempts: u32,
}

impl Desk {
    pub(crate) fn new(host: Host, peers: Arc<Peers>, inviting: Arc<AtomicBool>) -> Self {
        let (stage, decisions) = (watch::Sender::new(Stage::Closed), watch::Sender::new(None));
        let (open, wrong, busy) = Default::default();
        Self { host, peers, inviting, open, wrong, stage, decisions, busy }
    }

    /// Shows a new code, in place of the one that is shown.
    pub(crate) fn invite(&self, addresses: Vec<SocketAddr>) -> Result<Invitation, PairError> {
        let now = Instant::now();
        let mut wrong = lock(&self.wrong);
        wrong.retain(|at| now.duration_since(*at) < WINDOW);
        if wrong.len() >= WRONG_AT_MOST {
            let first = wrong.first().copied().unwrap_or(now);
            return Err(PairError::TooManyWrongCodes(WINDOW.saturating_sub(now.duration_since(first))));
        }
        let code = Code::random()?;
        let shown = code.to_string();
        *lock(&self.open) = Some(Open { code, until: now + VALID, attempts: ATTEMPTS });
        self.inviting.store(true, Ordering::SeqCst);
        self.decisions.send_replace(None);
        self.stage.send_replace(Stage::Open { attempts: ATTEMPTS });
        Ok(Invitation { code: shown, addresses, seconds: VALID.as_secs() })
    }

    /// How far it is.
    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// Says whether the device that knows the code may come in.
    pub(crate) fn decide(&self, agree: bool) {
        self.decisions.send_replace(Some(agree));
    }

    /// Shows no code any more.
    pub(crate) fn cancel(&self) {
        self.close(Stage::Closed);
        self.decide(false);
    }

    /// Receives those who come, until it is dropped.
    pub(crate) async fn run(self: Arc<Self>, channels: &mut mpsc::Receiver<Channel>) {
        let mut guests = JoinSet::new();
        loop {
            let until = lock(&self.open).as_ref().map(|open| open.until);
            let mut stage = self.stage.subscribe();
            tokio::select! {
                channel = channels.recv() => match channel {
                    Some(channel) => drop(guests.spawn(Arc::clone(&self).guest(channel))),
                    None => return,
                },
                _ = stage.changed() => {}
                () = sleep_until(until) => self.close(Stage::Over),
                Some(_) = guests.join_next() => {}
            }
        }
    }

    async fn guest(self: Arc<Self>, mut channel: Channel) {
        let received = match self.busy.try_lock() {
            Ok(_only) => self.receive(&mut channel).await,
            Err(_) => self.refuse(&mut channel, Refused::Busy).await,
        };
        match received {
            Ok(()) => {}
            Err(error) => tracing::warn!(address = %channel.address, %error, "a device was not paired"),
        }
        // What was said last is to arrive.
        let _ = timeout(PATIENCE, message::receive::<Proof>(&mut channel, PATIENCE)).await;
        channel.closer.close(Goodbye::Done);
    }

    async fn receive(&self, channel: &mut Channel) -> Result<(), PairError> {
        let ask: Ask = message::receive(channel, PATIENCE).await?;
        if let Some(why) = self.objection(&ask, channel) {
            return self.refuse(channel, why).await;
        }
        let Some(code) = self.attempt() else { return self.refuse(channel, Refused::NotInviting).await };
        let known = self.exchange(channel, &ask, &code).await;
        let agreed = match known {
            Ok(Some(agreed)) => agreed,
            // Who breaks off has guessed too.
            Ok(None) => {
                let why = self.wrong_code();
                message::send(channel, &Verdict::Refused { why }).await?;
                return Err(PairError::Refused(why));
            }
            Err(error) => {
                self.wrong_code();
                return Err(error);
            }
        };
        let name: String = ask.name.chars().filter(|letter| !letter.is_control()).take(100).collect();
        if !self.is_agreed(&name, &channel.peer).await {
            self.close(Stage::Over);
            message::send(channel, &Verdict::Refused { why: Refused::Declined }).await?;
            return Err(PairError::Refused(Refused::Declined));
        }
        let mut addresses = ask.addresses;
        addresses.insert(0, channel.address);
        addresses.truncate(8);
        let peer = Peer { device: ask.device, key: channel.peer, name: name.clone(), addresses };
        self.peers.learn(&peer).await?;
        let Host { device, name: own, library, library_name, .. } = self.host.clone();
        let proof = agreed.proof(Side::Invites);
        let welcome = Welcome { proof, device, name: own, library, library_name, addresses: Vec::new() };
        message::send(channel, &Verdict::Welcome(welcome)).await?;
        self.close(Stage::Paired { device: ask.device, name });
        Ok(())
    }

    /// Finds out whether the other knows the code.
    async fn exchange(
        &self,
        channel: &mut Channel,
        ask: &Ask,
        code: &Code,
    ) -> Result<Option<Agreed>, PairError> {
        let between = Between { joins: channel.peer, invites: self.host.key, binding: channel.binding };
        let (exchange, pake) = Exchange::begin(Side::Invites, code, between);
        let agreed = exchange.finish(&ask.pake)?;
        message::send(channel, &Answer::Pake { pake }).await?;
        let Proof { proof } = message::receive(channel, PATIENCE).await?;
        Ok(agreed.is_proof(Side::Joins, &proof).then_some(agreed))
    }

    /// Why a device may not come in, whatever it knows.
    fn objection(&self, ask: &Ask, channel: &Channel) -> Option<Refused> {
        if ask.version != VERSION {
            return Some(Refused::Version);
        }
        if self.peers.is_removed(&channel.peer) {
            return Some(Refused::Removed);
        }
        let is_known = self.peers.get(ask.device).is_some_and(|known| known.key == channel.peer);
        // One is this device itself.
        (!is_known && self.peers.all().len() + 1 >= self.host.max_devices).then_some(Refused::DeviceLimit)
    }

    /// The code, if one is shown. Taking it uses up an attempt.
    fn attempt(&self) -> Option<Code> {
        let mut open = lock(&self.open);
        let current = open.as_mut().filter(|open| open.until > Instant::now() && open.attempts > 0)?;
        current.attempts -= 1;
        Some(current.code.clone())
    }

    fn wrong_code(&self) -> Refused {
        lock(&self.wrong).push(Instant::now());
        let attempts = lock(&self.open).as_ref().map_or(0, |open| open.attempts);
        if attempts == 0 {
            self.close(Stage::Over);
            return Refused::CodeIsDead;
        }
        self.stage.send_replace(Stage::Open { attempts });
        Refused::WrongCode
    }

    async fn is_agreed(&self, name: &str, key: &PublicKey) -> bool {
        self.decisions.send_replace(None);
        let mut decisions = self.decisions.subscribe();
        let asking = Stage::Asking { name: name.to_owned(), fingerprint: key.fingerprint() };
        self.stage.send_replace(asking);
        let decided = decisions.wait_for(Option::is_some);
        let agreed = matches!(timeout_at(Instant::now() + TO_AGREE, decided).await, Ok(Ok(said)) if *said == Some(true));
        agreed
    }

    async fn refuse(&self, channel: &mut Channel, why: Refused) -> Result<(), PairError> {
        message::send(channel, &Answer::Refused { why }).await?;
        Err(PairError::Refused(why))
    }

    /// The code is not valid any more.
    fn close(&self, stage: Stage) {
        *lock(&self.open) = None;
        self.inviting.store(false, Ordering::SeqCst);
        self.stage.send_replace(stage);
    }
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
