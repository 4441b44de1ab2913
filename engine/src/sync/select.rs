//! What is wanted here: whose files, and which shared models. What is not wanted is not sent: this device says that it has all of it that it
//! will ever want.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::change::{is_shared, model_of, shared};
use super::marks::Positions;
use super::model::{Strategy, Syncable};
use super::registry::Registry;
use crate::database::entity::{content_identity, file, removed_device, sync_unwanted, sync_unwanted_model};

/// The position of a stream of which a device wants nothing.
pub(crate) const NOTHING: i64 = i64::MAX;
/// The model that a device can do without, as far as it is of certain devices.
pub(crate) const SELECTED: &str = file::Model::INFO.name;
/// Stands for all devices where a device says that it wants nothing of a model.
pub(crate) const ANYBODY: Uuid = Uuid::nil();

/// Why a model cannot be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Needed {
    #[error("there is no such model")]
    Unknown,
    #[error("its rows belong to devices: choose whose files are wanted instead")]
    Owned,
    #[error("each device says there what is in its own files, and nobody else can")]
    Contents,
    #[error("every device must know who was removed from the library")]
    Members,
}

/// What is not wanted here.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Unwanted {
    /// Devices, of which the files are not.
    pub(crate) devices: BTreeSet<Uuid>,
    /// Shared models, with all that depend on them.
    pub(crate) models: BTreeSet<&'static str>,
}

impl Unwanted {
    pub(crate) async fn load(db: &impl ConnectionTrait, registry: &Registry) -> Result<Self, DbErr> {
        let chosen = models(db).await?;
        let models = chosen.iter().flat_map(|model| group(registry, model)).collect();
        Ok(Self { devices: unwanted(db).await?, models })
    }
}

/// The devices whose files are not wanted here.
pub(crate) async fn unwanted(db: &impl ConnectionTrait) -> Result<BTreeSet<Uuid>, DbErr> {
    Ok(sync_unwanted::Entity::find().all(db).await?.into_iter().map(|row| row.device).collect())
}

/// The shared models that are not wanted here, as they were chosen.
pub(crate) async fn models(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    Ok(sync_unwanted_model::Entity::find().all(db).await?.into_iter().map(|row| row.model).collect())
}

/// A shared model and all that depends on it, which is of no use without it.
pub(crate) fn group(registry: &Registry, model: &str) -> BTreeSet<&'static str> {
    let mut group = BTreeSet::new();
    // In this order a model comes after all that it depends on.
    for info in registry.tables().map(|table| table.info()) {
        let depends = info.depends_on.iter().any(|reference| group.contains(reference.model));
        if info.name == model || depends {
            group.insert(info.name);
        }
    }
    group
}

/// Whether a device can do without a model.
pub(crate) fn check(registry: &Registry, model: &str) -> Result<(), Needed> {
    let Some(table) = registry.table(model) else { return Err(Needed::Unknown) };
    match table.info().strategy {
        Strategy::DeviceOwned => Err(Needed::Owned),
        _ if model == content_identity::Model::INFO.name => Err(Needed::Contents),
        _ if model == removed_device::Model::INFO.name => Err(Needed::Members),
        Strategy::Shared(_) => Ok(()),
    }
}

/// The positions of a device that does not want this, as others are told.
pub(super) fn told(mut positions: Positions, unwanted: &Unwanted) -> Positions {
    positions.extend(unwanted.devices.iter().map(|device| ((SELECTED.to_owned(), *device), NOTHING)));
    if !unwanted.models.is_empty() {
        positions.retain(|(stream, _), _| !is_shared(stream) || !unwanted.models.contains(model_of(stream)));
        positions.extend(unwanted.models.iter().map(|model| ((shared(model), ANYBODY), NOTHING)));
    }
    positions
}

/// The shared models that a device with these positions does not want.
pub(super) fn left_out(positions: &Positions) -> BTreeSet<String> {
    let none = |((stream, device), at): (&(String, Uuid), &i64)| {
        (*at == NOTHING && *device == ANYBODY).then(|| model_of(stream).to_owned())
    };
    positions.iter().filter_map(none).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Replica;

    #[test]
    fn a_model_goes_with_all_that_depends_on_it() {
        let registry = Replica::new(Uuid::nil()).unwrap().registry;
        let names = |model: &str| group(&registry, model).into_iter().collect::<Vec<_>>();
        assert_eq!(names("tag"), ["content_tag", "file_tag", "tag"]);
        assert_eq!(names("album"), ["album", "album_entry"]);
        assert_eq!(names("user_metadata"), ["user_metadata"]);
    }

    #[test]
    fn what_others_cannot_do_without_cannot_be_left_out() {
        let registry = Replica::new(Uuid::nil()).unwrap().registry;
        assert_eq!(check(&registry, "tag"), Ok(()));
        assert_eq!(check(&registry, "file"), Err(Needed::Owned));
        assert_eq!(check(&registry, "content_identity"), Err(Needed::Contents));
        assert_eq!(check(&registry, "removed_device"), Err(Needed::Members));
        assert_eq!(check(&registry, "dance"), Err(Needed::Unknown));
    }
}
