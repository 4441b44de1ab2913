//! Reading fields, under the names that serde writes.

use super::attributes::{refuse, text};
use super::{Reader, docs};
use crate::CodegenError;
use crate::letter_case::RenameRule;
use crate::model::{Field, Shape, Type};
use specta::datatype::{Field as Found, NamedFields};

impl Reader<'_> {
    /// The fields of an object. Those of a flattened field are among them.
    pub fn fields(
        &mut self,
        found: &NamedFields,
        rename_all: Option<RenameRule>,
        all_may_be_missing: bool,
        owner: &str,
    ) -> Result<Vec<Field>, CodegenError> {
        let mut fields: Vec<Field> = Vec::with_capacity(found.fields.len());
        for (name, field) in &found.fields {
            let place = format!("{owner}.{name}");
            let Some(ty) = self.written(field, &place)? else { continue };
            let may_be_missing = all_may_be_missing
                || field.optional
                || ["default", "skip_serializing_if"]
                    .iter()
                    .any(|key| field.attributes.contains_key(&format!("serde:field:{key}")));
            if field.attributes.contains_key("serde:field:flatten") {
                fields.extend(self.flattened(&ty, may_be_missing, &place)?);
                continue;
            }
            let key = text(&field.attributes, "serde:field:rename_serialize")
                .unwrap_or_else(|| rename_all.map_or_else(|| name.to_string(), |rule| rule.field(name)));
            let docs = docs::read(&field.docs, field.deprecated.as_ref());
            fields.push(Field { key, docs, ty, may_be_missing, embeds: None });
        }
        Ok(fields)
    }

    /// The types of fields without names.
    pub fn unnamed(&mut self, fields: &[Found], owner: &str) -> Result<Vec<Type>, CodegenError> {
        let mut parts = Vec::with_capacity(fields.len());
        for (at, field) in fields.iter().enumerate() {
            parts.extend(self.written(field, &format!("{owner}.{at}"))?);
        }
        Ok(parts)
    }

    /// The type of a field that is in the JSON.
    fn written(&mut self, field: &Found, place: &str) -> Result<Option<Type>, CodegenError> {
        match &field.ty {
            Some(ty) if !field.attributes.contains_key("serde:field:skip_serializing") => {
                self.value(ty, place).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn flattened(&self, ty: &Type, may_be_missing: bool, place: &str) -> Result<Vec<Field>, CodegenError> {
        let shape = match ty.present() {
            Type::Named(name, parameters) if parameters.is_empty() => self
                .definitions
                .iter()
                .find(|definition| definition.name == *name)
                .map(|definition| &definition.shape),
            _ => None,
        };
        let Some(Shape::Record(fields)) = shape else {
            return Err(refuse(
                place,
                "is flattened and no struct with named fields",
                "remove `serde(flatten)`, or flatten a struct",
            ));
        };
        let all_may_be_missing = may_be_missing || matches!(ty, Type::Optional(_));
        Ok(fields
            .iter()
            .cloned()
            .map(|field| Field { may_be_missing: field.may_be_missing || all_may_be_missing, ..field })
            .collect())
    }
}
