//! Reading enums.

use super::attributes::{Container, refuse, rule, text};
use super::{Reader, docs};
use crate::CodegenError;
use crate::model::{Payload, Shape, Tagging, Type, Variant};
use specta::datatype::{Enum, Fields, Variant as Found};

impl Reader<'_> {
    /// The variants of an enum, and how they are told apart.
    pub fn enumeration(
        &mut self,
        found: &Enum,
        container: &Container,
        owner: &str,
    ) -> Result<Shape, CodegenError> {
        let tagging = match (&container.tag, &container.content) {
            _ if container.untagged => Tagging::Untagged,
            (Some(tag), Some(content)) => Tagging::Adjacent { tag: tag.clone(), content: content.clone() },
            (Some(tag), None) => Tagging::Internal { tag: tag.clone() },
            (None, _) => Tagging::External,
        };
        let mut variants = Vec::with_capacity(found.variants.len());
        for (name, variant) in &found.variants {
            let is_written = !variant.attributes.contains_key("serde:variant:skip_serializing");
            if !variant.skip && is_written {
                let place = format!("{owner}::{name}");
                variants.push(self.variant(name, variant, container, &place)?);
            }
        }
        if variants.is_empty() {
            return Err(refuse(owner, "has no variants", "leave out the field, or give it another type"));
        }
        let is_plain = variants.iter().all(|variant| matches!(variant.payload, Payload::Nothing));
        if is_plain && tagging == Tagging::External {
            return Ok(Shape::Names(variants));
        }
        Ok(Shape::Choice(tagging, variants))
    }

    fn variant(
        &mut self,
        name: &str,
        found: &Found,
        container: &Container,
        place: &str,
    ) -> Result<Variant, CodegenError> {
        if found.attributes.contains_key("serde:variant:untagged") {
            return Err(refuse(
                place,
                "alone is untagged",
                "make all variants tagged, or the whole enum untagged",
            ));
        }
        let payload = match &found.fields {
            Fields::Unit => Payload::Nothing,
            Fields::Unnamed(unnamed) => {
                let mut parts = self.unnamed(&unnamed.fields, place)?;
                match (unnamed.fields.len(), parts.pop()) {
                    (_, None) => Payload::Nothing,
                    (1, Some(only)) => Payload::One(only),
                    (_, Some(last)) => {
                        parts.push(last);
                        Payload::Tuple(parts)
                    }
                }
            }
            Fields::Named(fields) => {
                let rename_all = rule(&found.attributes, "serde:variant:rename_all_serialize");
                let rename_all = rename_all.or(container.rename_all_fields);
                Payload::Record(self.fields(fields, rename_all, false, place)?)
            }
        };
        if let (Some(tag), None, Payload::One(inner)) = (&container.tag, &container.content, &payload)
            && !matches!(inner, Type::Named(..))
        {
            let problem = format!("holds no struct, where the tag `{tag}` could be put in");
            return Err(CodegenError::unsupported(place, problem, "add `content = \"…\"` to the enum"));
        }
        let key = text(&found.attributes, "serde:variant:rename_serialize").unwrap_or_else(|| {
            container.rename_all.map_or_else(|| name.to_owned(), |rename| rename.variant(name))
        });
        Ok(Variant {
            name: name.to_owned(),
            key,
            docs: docs::read(&found.docs, found.deprecated.as_ref()),
            payload,
            other: found.attributes.contains_key("serde:variant:other"),
        })
    }
}
