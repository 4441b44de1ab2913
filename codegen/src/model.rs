//! What the generated code says, in no language yet: the types of an app as they are on the wire.

use larder::registry::RelationKind;

/// All types that an app's rows consist of.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// The rows first, in the order of the registry; then the types that they use, in the order in which they do.
    pub types: Vec<Definition>,
    pub resources: Vec<Resource>,
}

impl Model {
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.types.iter().find(|definition| definition.name == name)
    }

    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }
}

/// A resource type.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// Its name in events and queries.
    pub name: String,
    /// The type of its rows.
    pub row: String,
    /// The JSON name of the field with the id.
    pub id: String,
    pub id_type: Type,
    pub relations: Vec<Relation>,
}

/// A relation, as far as it shows in rows.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub name: String,
    /// The name of the resource type that it leads to.
    pub to: String,
    pub kind: RelationKind,
}

/// A type with a name.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub name: String,
    pub docs: Docs,
    pub parameters: Vec<String>,
    pub shape: Shape,
}

/// What was written about something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Docs {
    pub lines: Vec<String>,
    /// Why it should not be used any more; may be empty.
    pub deprecated: Option<String>,
}

/// What a type with a name is.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// An object with these fields.
    Record(Vec<Field>),
    /// Another type under another name.
    Wrapper(Type),
    /// An array with one element of each type.
    Tuple(Vec<Type>),
    /// One of these strings.
    Names(Vec<Variant>),
    /// One of these, told apart by the tagging.
    Choice(Tagging, Vec<Variant>),
}

/// A field of an object.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name in JSON.
    pub key: String,
    pub docs: Docs,
    pub ty: Type,
    /// It may be left out.
    pub may_be_missing: bool,
    /// It holds the ids of rows that a relation of the same name leads to, and comes with whole ones in events.
    pub embeds: Option<String>,
}

/// How serde tells the variants of an enum apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tagging {
    External,
    Internal { tag: String },
    Adjacent { tag: String, content: String },
    Untagged,
}

/// A variant of an enum.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// Its name in Rust.
    pub name: String,
    /// Its name in JSON.
    pub key: String,
    pub docs: Docs,
    pub payload: Payload,
    /// It stands for every name that is not known.
    pub other: bool,
}

/// What a variant holds.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    Nothing,
    One(Type),
    Tuple(Vec<Type>),
    Record(Vec<Field>),
}

/// What an integer needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// 32 bits with a sign.
    Narrow,
    /// 32 bits without.
    Unsigned32,
    /// More than JavaScript's numbers hold.
    Wide,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Bool,
    Int(Width),
    Float,
    Text,
    Uuid,
    /// A moment: text as in RFC 3339.
    Moment,
    /// Any JSON.
    Any,
    Optional(Box<Type>),
    List(Box<Type>),
    /// So many of them.
    Array(Box<Type>, usize),
    /// An object; the first is what its keys are.
    Map(Box<Type>, Box<Type>),
    Tuple(Vec<Type>),
    Named(String, Vec<Type>),
    Parameter(String),
    /// TypeScript that the app wrote itself; any JSON elsewhere.
    Written(String),
}

impl Type {
    /// Makes a type optional, once.
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Any => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// Without the option around it.
    pub fn present(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    /// Whether this, or a part of it, is so.
    pub fn any(&self, is_so: &dyn Fn(&Type) -> bool) -> bool {
        is_so(self)
            || match self {
                Self::Optional(inner) | Self::List(inner) | Self::Array(inner, _) => inner.any(is_so),
                Self::Map(key, value) => key.any(is_so) || value.any(is_so),
                Self::Tuple(parts) | Self::Named(_, parts) => parts.iter().any(|part| part.any(is_so)),
                _ => false,
            }
    }

    /// The names of all types with a name in it.
    pub fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Optional(inner) | Self::List(inner) | Self::Array(inner, _) => inner.names(names),
            Self::Map(key, value) => {
                key.names(names);
                value.names(names);
            }
            Self::Tuple(parts) => parts.iter().for_each(|part| part.names(names)),
            Self::Named(name, parameters) => {
                names.push(name);
                parameters.iter().for_each(|part| part.names(names));
            }
            _ => {}
        }
    }
}
