//! How a cache is set up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evict::MemoryConfig;
use crate::registry::RegistryError;
use crate::wire::Limits;
use crate::wire::fields::Fields;

/// How a cache is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Config {
    /// How large what comes from outside may be.
    pub limits: Limits,
    /// Only these resource types are subscribed to; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe_to: Option<Vec<String>>,
    /// How rows are written into patches.
    pub row_encoding: RowEncoding,
    /// How the answers of the backend's methods are cached, by the method's name; `*` stands for all others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub methods: BTreeMap<String, MethodConfig>,
    /// How much is kept in memory, and on disk.
    pub memory: MemoryConfig,
}

/// How the answers of one method of the backend are cached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MethodConfig {
    /// How long an answer is good for, where neither the query nor the answer says it; without it, until something makes it
    /// wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub ttl_ms: Option<u64>,
}

/// How rows are written into patches; PROTOCOL.md, section 3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowEncoding {
    /// As JSON text.
    #[default]
    Json,
    /// As JSON text; of a row that the host holds, only the members that changed, where that is shorter.
    Changes,
    /// Field by field, as the `layout` of the resource type says. It needs the feature `packed` of the crate: built
    /// without it, the cache writes JSON, and each patch says so.
    Packed,
}

impl Config {
    /// How long answers of a method are good for.
    pub(crate) fn remote_ttl_ms(&self, method: &str) -> Option<u64> {
        self.methods.get(method).or_else(|| self.methods.get("*"))?.ttl_ms
    }

    /// Reads a configuration from its JSON; by hand, as registries are.
    ///
    /// ```
    /// let config = larder::Config::parse(r#"{"limits": {"maxDepth": 16}}"#)?;
    /// assert_eq!(config.limits.max_depth, 16);
    /// # Ok::<(), larder::registry::RegistryError>(())
    /// ```
    ///
    /// # Errors
    /// [`RegistryError::Malformed`] that names the key.
    pub fn parse(json: &str) -> Result<Self, RegistryError> {
        read(json).map_err(|message| RegistryError::Malformed { message: format!("options: {message}") })
    }
}

fn read(json: &str) -> Result<Config, String> {
    let given = Fields::parse_object(json)?;
    given.only("limits, subscribeTo, rowEncoding, methods, memory")?;
    let has_types = given.has("subscribeTo") && !given.is_null("subscribeTo");
    Ok(Config {
        limits: if given.has("limits") { limits(given.inner("limits"))? } else { Limits::default() },
        subscribe_to: if has_types { Some(given.texts("subscribeTo")?) } else { None },
        row_encoding: match given.choice("rowEncoding", "json, changes, packed")?.as_deref() {
            Some("packed") => RowEncoding::Packed,
            Some("changes") => RowEncoding::Changes,
            _ => RowEncoding::Json,
        },
        methods: methods(given)?,
        memory: if given.has("memory") {
            MemoryConfig::read(given.inner("memory"))?
        } else {
            MemoryConfig::default()
        },
    })
}

fn methods(given: Fields<'_>) -> Result<BTreeMap<String, MethodConfig>, String> {
    let mut methods = BTreeMap::new();
    for name in given.names("methods")? {
        let method = given.inner("methods").inner(&name);
        method.only("ttlMs")?;
        let has_ttl = method.has("ttlMs") && !method.is_null("ttlMs");
        let ttl_ms = if has_ttl { Some(method.count("ttlMs")?) } else { None };
        methods.insert(name, MethodConfig { ttl_ms });
    }
    Ok(methods)
}

fn limits(given: Fields<'_>) -> Result<Limits, String> {
    given.only("maxEventBytes, maxStringBytes, maxDepth, maxEntities, maxHeldEvents, maxUnknownTypes")?;
    let limit = |key: &str, default: u32| {
        if !given.has(key) {
            return Ok(default);
        }
        u32::try_from(given.count(key)?).map_err(|_| given.wrong(key, "an integer below 2^32"))
    };
    let default = Limits::default();
    Ok(Limits {
        max_event_bytes: limit("maxEventBytes", default.max_event_bytes)?,
        max_string_bytes: limit("maxStringBytes", default.max_string_bytes)?,
        max_depth: limit("maxDepth", default.max_depth)?,
        max_entities: limit("maxEntities", default.max_entities)?,
        max_held_events: limit("maxHeldEvents", default.max_held_events)?,
        max_unknown_types: limit("maxUnknownTypes", default.max_unknown_types)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read_as_serde_reads_it() {
        for text in [
            "{}",
            r#"{"memory":{"bytes":1000000,"entities":null,"diskBytes":4294967296}}"#,
            r#"{"subscribeTo":null,"limits":{}}"#,
            r#"{"methods":{"files.search":{"ttlMs":60000},"*":{"ttlMs":null},"files.list":{}}}"#,
            r#"{"subscribeTo":["file"],"rowEncoding":"packed","limits":{"maxEventBytes":1,"maxStringBytes":2,"maxDepth":3,
                "maxEntities":4,"maxHeldEvents":5,"maxUnknownTypes":4294967295}}"#,
        ] {
            assert_eq!(Config::parse(text).unwrap(), serde_json::from_str(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_serde_refuses_is_refused_with_a_message_that_says_where() {
        for (text, says) in [
            ("null", "options: expected an object"),
            (
                r#"{"limit":{}}"#,
                "there is no key `limit`; there are limits, subscribeTo, rowEncoding, methods, memory",
            ),
            (r#"{"limits":null}"#, "expected an object"),
            (r#"{"limits":{"maxDepth":"deep"}}"#, "`limits.maxDepth` should be an integer from 0"),
            (r#"{"limits":{"maxDepth":4294967296}}"#, "`limits.maxDepth` should be an integer below 2^32"),
            (r#"{"limits":{"depth":1}}"#, "there is no key `depth`"),
            (r#"{"subscribeTo":"file"}"#, "`subscribeTo` should be an array"),
            (r#"{"methods":{"files.search":{"ttl":1}}}"#, "there is no key `ttl`"),
            (r#"{"methods":{"files.search":{"ttlMs":-1}}}"#, "`files.search.ttlMs` should be"),
            (r#"{"memory":{"bytes":-1}}"#, "`memory.bytes` should be"),
            (r#"{"memory":{"rows":1}}"#, "there is no key `rows`; there are bytes, entities, diskBytes"),
            (r#"{"rowEncoding":"text"}"#, "`rowEncoding` should be one of json, changes, packed"),
        ] {
            assert!(serde_json::from_str::<Config>(text).is_err(), "{text}");
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
