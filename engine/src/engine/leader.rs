//! One device leads: the setting of a library for when one of its devices is always on.

use uuid::Uuid;

use super::Engine;
use crate::sync::{LeadError, Leadership};

impl Engine {
    /// From now on this device leads the library, whoever did before: all others give it what they have written, and get what
    /// everybody wrote from it alone. All devices learn it, also those that are not there now. When the leader is not heard of any
    /// more, another one is elected, if more than half of the devices of the library hear of each other.
    ///
    /// ```no_run
    /// # async fn example(engine: larder_engine::Engine) -> Result<(), larder_engine::LeadError> {
    /// engine.lead().await?;
    /// assert!(engine.leadership().await?.is_self);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead(&self) -> Result<(), LeadError> {
        self.inner.together.devices.session().lead().await
    }

    /// Lets another device lead in place of this one, which must lead. It does as soon as it hears of it, without an election.
    ///
    /// # Errors
    /// When this device does not lead, the other one is not connected, or the database fails.
    pub async fn hand_over(&self, device: Uuid) -> Result<(), LeadError> {
        self.inner.together.devices.session().hand_over(device).await
    }

    /// From now on no device leads: each talks to all that it reaches. No election that goes on elsewhere changes that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead_no_more(&self) -> Result<(), LeadError> {
        self.inner.together.devices.session().lead_no_more().await
    }

    /// Who leads the library, as far as this device has heard.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leadership(&self) -> Result<Leadership, LeadError> {
        self.inner.together.devices.session().leadership().await
    }
}
