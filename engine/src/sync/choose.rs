//! Which shared models this device may let go of, and which it can write.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DbErr;
use uuid::Uuid;

use super::change::{is_shared, model_of};
use super::marks::{Positions, at};
use super::peer::Peer;
use super::select::{self, Needed};
use super::session::Session;

impl Session {
    /// Whether a device can do without a model.
    pub(crate) fn can_do_without(&self, model: &str) -> Result<(), Needed> {
        select::check(&self.replica.registry, model)
    }

    /// Whether a device that is connected said that it wants this model itself and has all that is here of it, and of what depends on it.
    pub(crate) async fn is_kept(&self, model: &str) -> Result<bool, DbErr> {
        let kept = self.transactions.kept().await?;
        Ok(self.keepers(model, &kept.positions, &*self.peers.lock().await).next().is_some())
    }

    /// The devices that are connected and have said so.
    pub(super) fn keepers<'a>(
        &self,
        model: &str,
        here: &Positions,
        peers: &'a BTreeMap<Uuid, Peer>,
    ) -> impl Iterator<Item = Uuid> + use<'a> {
        let group = select::group(&self.replica.registry, model);
        let mut own = here.clone();
        own.retain(|(stream, _), _| is_shared(stream) && group.contains(model_of(stream)));
        let keeps = move |theirs: &Positions| {
            let without = select::left_out(theirs);
            group.iter().all(|model| !without.contains(*model))
                && own.iter().all(|(stream, here)| at(theirs, stream) >= *here)
        };
        peers.iter().filter(move |(_, peer)| peer.positions.as_ref().is_some_and(&keeps)).map(|(id, _)| *id)
    }

    /// Shared models of which nothing can be written here: those that are not wanted, and those that have not all come back yet.
    pub(crate) async fn blocked(&self) -> Result<Blocked, DbErr> {
        let kept = self.transactions.kept().await?;
        let unwanted = kept.unwanted.models.clone();
        let names = self.replica.registry.tables().map(|table| table.info().name);
        let coming = names.filter(|model| kept.marks.is_coming_back(model, self.replica.device));
        Ok(Blocked { coming: coming.filter(|model| !unwanted.contains(model)).collect(), unwanted })
    }
}

/// Models of which nothing can be written here.
#[derive(Debug, Default)]
pub(crate) struct Blocked {
    pub(crate) unwanted: BTreeSet<&'static str>,
    /// They are wanted again, and not all that this device wrote itself is here again.
    pub(crate) coming: BTreeSet<&'static str>,
}
