//! The small requests that come in as JSON.

use larder::outbox::{Mutation, MutationError, Rejection};
use larder::persist::{StorageError, StorageErrorKind};
use larder::registry::RegistrySpec;
use larder::remote::Invalidation;
use larder::{Config, Error, Input, QueryId, Registry};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub struct Setup {
    registry: Box<RawValue>,
    config: Box<RawValue>,
}

impl Setup {
    /// Reads the two parts, each with its own error.
    pub fn check(self) -> Result<(Registry, Config), Error> {
        let spec = RegistrySpec::parse(self.registry.get())?;
        Ok((Registry::from_spec(spec)?, Config::parse(self.config.get())?))
    }
}

/// What settles a mutation or asks a question. One type for all, because each reader adds kilobytes to the module.
#[derive(Deserialize)]
pub struct Request {
    pub id: String,
    pub sequence: Option<u64>,
    pub reason: Option<Rejection>,
    #[serde(default)]
    pub method: String,
    #[serde(default)]
    pub input: Box<RawValue>,
}

impl Request {
    /// Why a mutation was refused; must be there.
    pub fn into_rejection(self) -> Result<(String, Rejection), Error> {
        let missing = || MutationError::Malformed { message: "`reason` is missing".to_owned() };
        Ok((self.id, self.reason.ok_or_else(missing)?))
    }
}

/// Reads a request. As text, as the core reads too: the module has one JSON parser then, not one for bytes as well.
pub fn read<T: DeserializeOwned>(text: &Input<'_>) -> Result<T, Error> {
    serde_json::from_str(as_text(text)?).map_err(malformed)
}

/// Reads a mutation.
pub fn read_mutation(text: &Input<'_>) -> Result<Mutation, Error> {
    Ok(Mutation::parse(as_text(text)?)?)
}

/// Reads the type and the id of an entity, one a line.
pub fn entity<'i>(text: &'i Input<'_>) -> Result<(&'i str, &'i str), Error> {
    let text = as_text(text)?;
    Ok(text.split_once('\n').unwrap_or((text, "")))
}

/// Reads the number of a query; what is none is the number of no query.
pub fn read_number(text: &Input<'_>) -> QueryId {
    let number = as_text(text).ok().and_then(|text| text.parse().ok());
    QueryId::from(number.unwrap_or(u32::MAX))
}

/// Reads what is stale.
pub fn read_invalidation(text: &Input<'_>) -> Result<Invalidation, Error> {
    Invalidation::parse(as_text(text)?)
}

/// What was written, as text.
pub fn as_text<'t>(text: &'t Input<'_>) -> Result<&'t str, Error> {
    str::from_utf8(text.as_bytes()).map_err(malformed)
}

/// Reads an error of the storage: its kind, and its message on the lines after it.
pub fn storage_error(text: &Input<'_>) -> Result<StorageError, Error> {
    let (kind, message) = as_text(text)?.split_once('\n').unwrap_or_default();
    Ok(StorageError::new(StorageErrorKind::from_name(kind), message))
}

fn malformed(error: impl ToString) -> Error {
    MutationError::Malformed { message: error.to_string() }.into()
}
