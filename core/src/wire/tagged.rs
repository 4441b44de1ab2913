//! Reads `{"type": …, "data": …}` in either order.
//!
//! serde keeps values as they were written ([`RawValue`]) only where the tag comes first, which JSON does not promise.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::value::RawValue;

#[derive(serde::Deserialize)]
struct Parts<'a> {
    #[serde(borrow, rename = "type")]
    kind: &'a RawValue,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// Reads an adjacently tagged value; missing data is an empty object.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let parts: Parts<'_> = serde_json::from_str(text)?;
    let data = parts.data.map_or("{}", RawValue::get);
    serde_json::from_str(&format!(r#"{{"type":{},"data":{data}}}"#, parts.kind.get()))
}

/// Reads a list of adjacently tagged values, for `deserialize_with`.
pub(crate) fn list<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let values: Vec<Box<RawValue>> = Vec::deserialize(deserializer)?;
    values.iter().map(|value| from_str(value.get()).map_err(D::Error::custom)).collect()
}
