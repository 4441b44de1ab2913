//! What an engine can be asked about other devices.

use tokio::sync::watch;

use super::Engine;
use crate::pair::{Invitation, Joined, PairError, Stage};

impl Engine {
    /// Shows a code that another device is to be told, see [`join`](Self::join). It is valid for five minutes and may be wrong five
    /// times. From then on this engine listens for other devices.
    ///
    /// # Errors
    /// When too many wrong codes came lately, or when no socket can be had.
    pub async fn invite(&self) -> Result<Invitation, PairError> {
        self.inner.together.devices.invite().await
    }

    /// How far the invitation is. At [`Stage::Asking`], [`decide`](Self::decide) says whether the device may come in.
    pub fn invitation(&self) -> watch::Receiver<Stage> {
        self.inner.together.devices.stage()
    }

    /// Says whether the device that knows the code may come in. Without a word it may not, after a minute.
    pub fn decide(&self, agree: bool) {
        self.inner.together.devices.decide(agree);
    }

    /// Shows no code any more.
    pub fn cancel_invitation(&self) {
        self.inner.together.devices.cancel();
    }

    /// Joins the library of the device at the address (`ip:port`), which shows the code. If that is another library than this one, the
    /// engine is to be opened again, see [`moved`](Self::moved).
    ///
    /// A device that has tags or favorites of its own joins another library only with `merge`, and if both have the same name.
    ///
    /// # Errors
    /// When the other device refuses, is not reached, or is not the one that shows the code.
    pub async fn join(&self, address: &str, code: &str, merge: bool) -> Result<Joined, PairError> {
        self.inner.together.devices.join(address, code, merge).await
    }

    /// How many bytes this engine has sent to the devices that are connected, since they are, with all that encryption and transport add.
    pub fn bytes_sent(&self) -> u64 {
        self.inner.together.devices.sent()
    }

    /// Moves to true when this engine has joined another library: shut it down and open it again.
    pub fn moved(&self) -> watch::Receiver<bool> {
        self.inner.together.devices.moved()
    }
}
