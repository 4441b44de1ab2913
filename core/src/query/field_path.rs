//! Where in a row a field is.

use std::fmt;

/// The way to a field: `name`, or `meta.camera.model` for a field of nested objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    segments: Box<[Box<str>]>,
}

impl FieldPath {
    /// Splits at the dots. `None` if a part is empty.
    pub fn parse(text: &str) -> Option<Self> {
        let path = Self::split(text);
        path.is_valid().then_some(path)
    }

    /// Splits at the dots, whatever the parts are.
    pub(crate) fn split(text: &str) -> Self {
        Self { segments: text.split('.').map(Box::from).collect() }
    }

    /// The field of this name, whatever is in it.
    pub(crate) fn top_level(name: &str) -> Self {
        Self { segments: Box::new([Box::from(name)]) }
    }

    /// The way to no field.
    pub(crate) fn none() -> Self {
        Self { segments: Box::default() }
    }

    /// The field whose name is this path as it is written.
    pub(crate) fn as_one(&self) -> Self {
        Self::top_level(&self.to_string())
    }

    pub(crate) fn is_valid(&self) -> bool {
        !self.segments.iter().any(|segment| segment.is_empty())
    }

    /// The keys to follow, from the row inwards; at least one.
    pub fn segments(&self) -> &[Box<str>] {
        &self.segments
    }

    /// The one key of a field that is not nested.
    pub fn single(&self) -> Option<&str> {
        match &*self.segments {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.segments.join("."))
    }
}
