//! The way to the owner: requests are laid on a desk, and whoever finds the seat free works through them, in order.
//!
//! So a call that finds the owner free makes its step at once, on its own thread, and one that does not leaves its request to
//! whoever sits there, and does not wait. That one may be further up on the same stack: a call from inside a delivery is done after
//! the step that is being delivered.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use larder::persist::StorageError;
use tokio::sync::{Notify, oneshot};

use super::Owner;
use crate::error::Error;
use crate::reply::{Answer, Reply};
use crate::seated::Seated;

/// Something that the owner shall do.
type Request = Box<dyn FnOnce(&mut Owner) + Send>;

/// A caller who has done so many requests of others leaves the rest to the thread, so as not to be kept for ever.
const MOST_AT_ONCE: usize = 64;

pub(crate) struct Desk {
    /// `None` when the client is closed.
    requests: Mutex<Option<VecDeque<Request>>>,
    owner: Mutex<Option<Owner>>,
    /// Requests wait until the storage is open.
    is_held: AtomicBool,
    /// Tells the thread that there are requests which nobody does.
    pub(super) is_left: Notify,
    /// Tells the thread that it is over.
    ending: Mutex<Option<oneshot::Sender<Ending>>>,
}

/// What is left to do when there is no owner any more.
#[derive(Default)]
pub(super) struct Ending {
    /// The connection that may still be saying goodbye.
    pub leaving: Option<tokio::task::JoinHandle<()>>,
    /// Whom to tell when everything is over.
    pub closing: Option<Answer<()>>,
    /// What is still being stored.
    pub saving: Option<oneshot::Receiver<Result<(), StorageError>>>,
}

impl Desk {
    pub(super) fn new(owner: Owner, is_held: bool, ending: oneshot::Sender<Ending>) -> Self {
        Self {
            requests: Mutex::new(Some(VecDeque::new())),
            owner: Mutex::new(Some(owner)),
            is_held: AtomicBool::new(is_held),
            is_left: Notify::new(),
            ending: Mutex::new(Some(ending)),
        }
    }

    /// Has the owner do something; `false`, and nothing, if the client is closed.
    pub(crate) fn tell(&self, act: impl FnOnce(&mut Owner) + Send + 'static) -> bool {
        match lock(&self.requests).as_mut() {
            Some(requests) => requests.push_back(Box::new(act)),
            None => return false,
        }
        self.work();
        true
    }

    /// Has the owner do something and say what came of it.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Owner) -> Result<T, Error> + Send + 'static,
    ) -> Reply<T> {
        let (answer, reply) = Reply::pair();
        self.tell(move |owner| _ = answer.send(act(owner)));
        reply
    }

    /// Has the owner do this before all that was asked for, which is done from now on.
    pub(crate) fn begin(&self, act: impl FnOnce(&mut Owner) + Send + 'static) {
        if let Some(requests) = lock(&self.requests).as_mut() {
            requests.push_front(Box::new(act));
        }
        self.is_held.store(false, Ordering::Release);
        self.work();
    }

    /// Does what is asked for, unless somebody is at it.
    pub(super) fn work(&self) {
        let mut done = 0;
        // Whoever sat there may have seen an empty desk just before a request was laid on it, so look again after leaving.
        while self.is_asked() {
            let mut seat = match self.owner.try_lock() {
                Ok(seat) => seat,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            let seated = Seated::sit_down();
            while done < MOST_AT_ONCE
                && let Some(request) = self.next()
            {
                done += 1;
                self.make(&mut seat, request);
            }
            drop(seated);
            drop(seat);
            if done == MOST_AT_ONCE {
                return self.is_left.notify_one();
            }
        }
    }

    fn is_asked(&self) -> bool {
        !self.is_held.load(Ordering::Acquire)
            && lock(&self.requests).as_ref().is_some_and(|requests| !requests.is_empty())
    }

    fn next(&self) -> Option<Request> {
        lock(&self.requests).as_mut()?.pop_front()
    }

    /// Makes one step and all that follows from it. A panic, as of an app's decoder, closes the client.
    fn make(&self, seat: &mut Option<Owner>, request: Request) {
        let Some(owner) = seat.as_mut() else { return };
        let step = AssertUnwindSafe(|| {
            request(owner);
            owner.follow_up();
        });
        if catch_unwind(step).is_err() {
            self.end(seat.take(), Ending::default());
        } else if owner.is_over {
            _ = owner.disconnect();
            let ending = Ending {
                leaving: owner.leaving.take(),
                closing: owner.closing.take(),
                saving: owner.finish(),
            };
            self.end(seat.take(), ending);
        }
    }

    /// There is no owner any more. What still waits for an answer learns that there will be none.
    fn end(&self, owner: Option<Owner>, ending: Ending) {
        let requests = lock(&self.requests).take();
        if let Some(thread) = lock(&self.ending).take() {
            _ = thread.send(ending);
        }
        _ = catch_unwind(AssertUnwindSafe(|| drop(owner)));
        drop(requests);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
