//! What a model says about how its rows go to other devices. `#[derive(Syncable)]` says it.

use sea_orm::{EntityTrait, Value};
use serde::de::{DeserializeOwned, Error, SeqAccess};

/// The fields of a row that go to other devices, by name.
pub(crate) type Payload = serde_json::Map<String, serde_json::Value>;

/// A model whose rows go to other devices.
pub(crate) trait Syncable: Sized {
    /// The table.
    type Table: EntityTrait<Model = Self>;

    /// What the model declares.
    const INFO: ModelInfo;

    /// Whether the row goes to other devices.
    fn should_sync(&self) -> bool {
        true
    }

    /// What goes to other devices.
    fn payload(&self) -> serde_json::Result<Payload>;

    /// A new row here of what came from another device.
    fn read(payload: &Payload) -> serde_json::Result<<Self::Table as EntityTrait>::ActiveModel>;

    /// The values of the columns of a row that came as a line, after its id; for models whose rows have an owner.
    fn values<'de, A: SeqAccess<'de>>(id: &str, fields: &mut A) -> Result<Vec<Value>, A::Error> {
        let _ = (id, fields);
        Err(A::Error::custom("rows of this model have no owner"))
    }

    /// The value that stands in the database for an id as text. `None`: the field holds no id, or the text is none.
    fn id_value(field: &str, text: &str) -> Option<Value>;
}

/// What a model declares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ModelInfo {
    /// Its name between devices.
    pub(crate) name: &'static str,
    pub(crate) strategy: Strategy,
    /// For [`Merge::Custom`]: makes one row of an older and a newer one.
    pub(crate) merge_with: Option<fn(&Payload, &Payload) -> Payload>,
    /// Whether [`Syncable::should_sync`] has to be asked.
    pub(crate) is_selective: bool,
    pub(crate) domain: Domain,
    /// Of models of a domain that do not depend on each other, smaller ones are sent first.
    pub(crate) priority: u32,
    /// The fields of the primary key.
    pub(crate) key: &'static [&'static str],
    /// The fields that go to other devices.
    pub(crate) fields: &'static [&'static str],
    /// What must be there before a row, and takes the row with it when it goes.
    pub(crate) depends_on: &'static [Reference],
    /// What a row may refer to before it is there.
    pub(crate) refers_to: &'static [Reference],
    /// The field that counts the changes of a row on this device.
    pub(crate) version: Option<&'static str>,
    /// The field that says when a link was made.
    pub(crate) added: Option<&'static str>,
    /// What clients are sent when a row changes.
    pub(crate) shows: Option<Shows>,
}

/// A field that holds the id of a row of another model, or of the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference {
    pub(crate) field: &'static str,
    pub(crate) model: &'static str,
}

/// The resource that shows a row: the one whose id is in the field `by`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shows {
    pub(crate) resource: &'static str,
    pub(crate) by: &'static str,
}

/// How rows go to other devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// One device writes; its newest state goes to the others.
    DeviceOwned,
    /// All devices write; every change goes to the others.
    Shared(Merge),
}

/// What becomes of concurrent changes to a shared row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// The last write is the row. A deletion is for ever.
    LastWriteWins,
    /// The last write of each field counts. A deletion is for ever.
    Fields,
    /// The model says what two versions of a row become. A deletion is for ever.
    Custom,
    /// The row is there as long as one of those who made it has not been overruled by a removal that knew of it.
    Union,
}

/// What rows tell about. Of models that do not depend on each other, earlier ones are sent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Domain {
    /// What is on the disks.
    Index,
    /// What users added to it.
    UserMetadata,
}

impl ModelInfo {
    /// The id of a row between devices: its key, parts joined by `/`.
    pub(crate) fn id(&self, payload: &Payload) -> Option<String> {
        let parts: Option<Vec<&str>> = self.key.iter().map(|field| payload.get(*field)?.as_str()).collect();
        Some(parts?.join("/"))
    }

    /// The id of the resource that shows a row with this payload.
    pub(crate) fn shown_by<'p>(&self, payload: &'p Payload) -> Option<(&'static str, &'p str)> {
        let shows = self.shows?;
        Some((shows.resource, payload.get(shows.by)?.as_str()?))
    }

    /// Whether a row is a resource itself: one that is called as the model.
    pub(crate) fn is_resource(&self) -> bool {
        self.shows.is_some_and(|shows| shows.resource == self.name)
    }

    /// The field that makes a tree of the rows: that refers to the same model.
    pub(crate) fn parent(&self) -> Option<&'static str> {
        self.refers_to.iter().find(|reference| reference.model == self.name).map(|reference| reference.field)
    }
}

/// The field of a payload, for the code that the derive makes.
pub(crate) fn field<T: DeserializeOwned>(payload: &Payload, name: &'static str) -> serde_json::Result<T> {
    let value = payload.get(name).ok_or_else(|| serde::de::Error::missing_field(name))?;
    T::deserialize(value)
}
