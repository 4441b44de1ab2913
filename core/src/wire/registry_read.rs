//! Reads registries from JSON.
//!
//! By hand, as frames are read: derived readers of these types are a tenth of the browser module.

use super::fields::Fields;
use crate::registry::{
    FieldMerge, FieldType, Holds, LayoutField, MergePolicy, RegistryError, RegistrySpec, Relation,
    RelationKind, ResourceType, UnknownTypes,
};

impl RegistrySpec {
    /// Reads a registry from its JSON.
    ///
    /// ```
    /// use larder::registry::RegistrySpec;
    /// let error = RegistrySpec::parse(r#"{"types": [{"name": "file", "key": "id"}]}"#).unwrap_err();
    /// assert_eq!(error.kind(), "registry.malformed");
    /// assert!(error.to_string().contains("types[0]: there is no key `key`"));
    /// ```
    ///
    /// # Errors
    /// [`RegistryError::Malformed`] that names the key.
    pub fn parse(json: &str) -> Result<Self, RegistryError> {
        read(json).map_err(|message| RegistryError::Malformed { message })
    }
}

fn read(json: &str) -> Result<RegistrySpec, String> {
    let spec = Fields::parse_object(json)?;
    spec.only("types, unknownTypes, events")?;
    let types = spec.list("types")?.into_iter().enumerate();
    let types = types.map(|(index, resource)| within(&format!("types[{index}]"), resource_type(resource)));
    Ok(RegistrySpec {
        types: types.collect::<Result<_, _>>()?,
        unknown_types: match spec.choice("unknownTypes", "store, refuse")?.as_deref() {
            Some("refuse") => UnknownTypes::Refuse,
            _ => UnknownTypes::Store,
        },
        events: spec.texts("events")?,
    })
}

/// Says where something is wrong.
fn within<T>(place: &str, read: Result<T, String>) -> Result<T, String> {
    read.map_err(|message| format!("{place}: {message}"))
}

fn resource_type(given: Fields<'_>) -> Result<ResourceType, String> {
    given.only("name, id, version, ttlMs, merge, fields, relations, index, layout")?;
    let mut resource = ResourceType::new(given.text("name")?);
    if let Some(id) = given.text_if_given("id")? {
        resource.id = id;
    }
    if !given.is_null("version") {
        resource.version = given.text_if_given("version")?;
    }
    if given.has("ttlMs") && !given.is_null("ttlMs") {
        resource.ttl_ms = Some(given.count("ttlMs")?);
    }
    if given.choice("merge", "replace, deep")?.as_deref() == Some("deep") {
        resource.merge = MergePolicy::Deep;
    }
    let fields = given.inner("fields");
    for field in given.names("fields")? {
        let merge = match fields.choice(&field, "replace, deep, union")?.as_deref() {
            Some("union") => FieldMerge::Union,
            Some("deep") => FieldMerge::Deep,
            _ => FieldMerge::Replace,
        };
        resource.fields.insert(field, merge);
    }
    let relations = given.inner("relations");
    for name in given.names("relations")? {
        let relation = within(&format!("relations.{name}"), relation(relations.inner(&name)))?;
        resource.relations.insert(name, relation);
    }
    resource.index = given.texts("index")?;
    if given.has("layout") && !given.is_null("layout") {
        resource.layout = Some(within("layout", layout(given, "layout"))?);
    }
    Ok(resource)
}

fn relation(given: Fields<'_>) -> Result<Relation, String> {
    given.only("to, kind, field, holds")?;
    Ok(Relation {
        to: given.text("to")?,
        kind: match given.choice("kind", "one, many")?.as_deref() {
            Some("one") => RelationKind::One,
            Some(_) => RelationKind::Many,
            None => return Err(given.wrong("kind", "one of one, many")),
        },
        field: given.text("field")?,
        holds: match given.choice("holds", "ids, resources, reverse")?.as_deref() {
            Some("resources") => Holds::Resources,
            Some("reverse") => Holds::Reverse,
            _ => Holds::Ids,
        },
    })
}

fn layout(given: Fields<'_>, key: &str) -> Result<Vec<LayoutField>, String> {
    let field = |given: Fields<'_>| {
        given.only("name, type")?;
        Ok(LayoutField { name: given.text("name")?, field_type: field_type(given, "type")? })
    };
    given.list(key)?.into_iter().map(field).collect()
}

/// A type is a name, or an object that names one and has what is inside.
fn field_type(given: Fields<'_>, key: &str) -> Result<FieldType, String> {
    let unknown = || given.wrong(key, "a type such as `text` or {\"list\":\"text\"}");
    if let Some(name) = given.get_text(key) {
        return Ok(match name.as_str() {
            "text" => FieldType::Text,
            "bool" => FieldType::Bool,
            "int" => FieldType::Int,
            "float" => FieldType::Float,
            "uuid" => FieldType::Uuid,
            "timestamp" => FieldType::Timestamp,
            "json" => FieldType::Json,
            _ => return Err(unknown()),
        });
    }
    let outer = given.inner(key);
    let names = given.names(key)?;
    let [name] = names.as_slice() else { return Err(unknown()) };
    let inner = || field_type(outer, name).map(Box::new);
    Ok(match name.as_str() {
        "optional" => FieldType::Optional(inner()?),
        "list" => FieldType::List(inner()?),
        "map" => FieldType::Map(inner()?),
        "struct" => FieldType::Struct(layout(outer, name)?),
        _ => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_read_as_serde_reads_it() {
        for text in [
            "{}",
            r#"{"types":[],"unknownTypes":"store","events":["Chat"]}"#,
            r#"{"types":[{"name":"tag"},{"name":"file","id":"key","version":null,"layout":null}],"unknownTypes":"refuse"}"#,
            r#"{"types":[{"name":"file","version":"v","merge":"deep","index":["name","a.b"],
                "fields":{"tags":"union","a":"deep","b":"replace"},
                "relations":{"tags":{"to":"tag","kind":"many","field":"tags","holds":"resources"},
                    "parent":{"to":"file","kind":"one","field":"parent_id"},
                    "children":{"to":"file","kind":"many","field":"parent_id","holds":"reverse"},
                    "more":{"to":"file","kind":"one","field":"m","holds":"ids"}},
                "layout":[{"name":"a","type":"text"},{"name":"b","type":"bool"},{"name":"c","type":"int"},{"name":"d","type":"float"},
                    {"name":"e","type":"uuid"},{"name":"f","type":"timestamp"},{"name":"g","type":{"optional":{"list":"json"}}},
                    {"name":"h","type":{"map":{"struct":[{"name":"i","type":"int"}]}}}]}]}"#,
        ] {
            assert_eq!(RegistrySpec::parse(text).unwrap(), serde_json::from_str(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_serde_refuses_is_refused_with_a_message_that_says_where() {
        let within = |inner: &str| format!(r#"{{"types":[{{"name":"file",{inner}}}]}}"#);
        for (text, says) in [
            ("{".to_owned(), "not JSON"),
            (r#"{"type":[]}"#.to_owned(), "there is no key `type`; there are types, unknownTypes, events"),
            (r#"{"types":null}"#.to_owned(), "`types` should be an array"),
            (r#"{"types":["file"]}"#.to_owned(), "types[0]: expected an object"),
            (r#"{"types":[{}]}"#.to_owned(), "types[0]: `types.name` should be a string"),
            (r#"{"unknownTypes":"drop"}"#.to_owned(), "`unknownTypes` should be one of store, refuse"),
            (r#"{"events":"Chat"}"#.to_owned(), "`events` should be an array"),
            (r#"{"events":[1]}"#.to_owned(), "`events` should be an array of strings"),
            (within(r#""id":1"#), "`types.id` should be a string"),
            (within(r#""merge":"shallow""#), "`types.merge` should be one of replace, deep"),
            (within(r#""fields":{"a":"sum"}"#), "`fields.a` should be one of replace, deep, union"),
            (within(r#""fields":{"a":null}"#), "`fields.a` should be one of replace, deep, union"),
            (within(r#""fields":[]"#), "`types.fields` should be an object"),
            (
                within(r#""relations":{"tags":{"to":"tag","field":"t"}}"#),
                "types[0]: relations.tags: `tags.kind` should be one of one, many",
            ),
            (
                within(r#""relations":{"tags":{"to":"tag","kind":"some","field":"t"}}"#),
                "`tags.kind` should be one of one, many",
            ),
            (within(r#""relations":{"tags":{"kind":"one","field":"t"}}"#), "`tags.to` should be a string"),
            (
                within(r#""relations":{"tags":{"to":"tag","kind":"one","field":"t","key":"t"}}"#),
                "there is no key `key`; there are to, kind, field, holds",
            ),
            (within(r#""relations":{"tags":"tag"}"#), "relations.tags: expected an object"),
            (within(r#""index":"name""#), "`types.index` should be an array"),
            (within(r#""layout":[{"name":"a","type":"string"}]"#), "layout: `layout.type` should be a type"),
            (
                within(r#""layout":[{"name":"a","type":{"list":"text","map":"text"}}]"#),
                "layout: `layout.type` should be a type",
            ),
            (
                within(r#""layout":[{"name":"a","type":{"list":"string"}}]"#),
                "layout: `type.list` should be a type",
            ),
            (within(r#""layout":[{"name":"a"}]"#), "layout: `layout.type` should be"),
        ] {
            assert!(serde_json::from_str::<RegistrySpec>(&text).is_err(), "{text}");
            let error = RegistrySpec::parse(&text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
