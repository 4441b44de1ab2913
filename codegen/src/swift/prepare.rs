//! What is changed about the types before they are written in Swift.

use super::SwiftOptions;
use crate::CodegenError;
use crate::letter_case::pascal;
use crate::model::{Definition, Docs, Field, Model, Payload, Shape, Type, Variant};

/// Gives names to tuples, which can be neither coded nor hashed, and the wished names to types.
pub(crate) fn model(model: &Model, options: &SwiftOptions) -> Result<Model, CodegenError> {
    let mut prepared = model.clone();
    let mut change = Change { options, tuples: Vec::new() };
    for definition in &mut prepared.types {
        definition.name = change.name(&definition.name);
        let owner = definition.name.clone();
        change.shape(&mut definition.shape, &owner)?;
    }
    for resource in &mut prepared.resources {
        resource.row = change.name(&resource.row);
        resource.id_type = change.value(&resource.id_type, &resource.row)?;
    }
    prepared.types.append(&mut change.tuples);
    Ok(prepared)
}

struct Change<'a> {
    options: &'a SwiftOptions,
    tuples: Vec<Definition>,
}

impl Change<'_> {
    fn name(&self, name: &str) -> String {
        self.options.renames.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn shape(&mut self, shape: &mut Shape, owner: &str) -> Result<(), CodegenError> {
        match shape {
            Shape::Record(fields) => self.fields(fields, owner),
            Shape::Wrapper(inner) => {
                *inner = self.value(inner, &format!("{owner}Value"))?;
                Ok(())
            }
            Shape::Tuple(parts) => self.parts(parts, owner),
            Shape::Names(variants) | Shape::Choice(_, variants) => {
                variants.iter_mut().try_for_each(|variant| self.variant(variant, owner))
            }
        }
    }

    fn variant(&mut self, variant: &mut Variant, owner: &str) -> Result<(), CodegenError> {
        let owner = format!("{owner}{}", variant.name);
        match &mut variant.payload {
            Payload::Nothing => Ok(()),
            Payload::One(inner) => {
                *inner = self.value(inner, &owner)?;
                Ok(())
            }
            Payload::Tuple(parts) => self.parts(parts, &owner),
            Payload::Record(fields) => self.fields(fields, &owner),
        }
    }

    fn fields(&mut self, fields: &mut [Field], owner: &str) -> Result<(), CodegenError> {
        for field in fields {
            field.ty = self.value(&field.ty, &format!("{owner}{}", pascal(&field.key)))?;
            // Missing and null are one.
            if field.may_be_missing {
                field.ty = field.ty.clone().optional();
            }
        }
        Ok(())
    }

    fn parts(&mut self, parts: &mut [Type], owner: &str) -> Result<(), CodegenError> {
        for (at, part) in parts.iter_mut().enumerate() {
            *part = self.value(part, &format!("{owner}{at}"))?;
        }
        Ok(())
    }

    /// A type without tuples; `owner` is what one there would be called.
    fn value(&mut self, ty: &Type, owner: &str) -> Result<Type, CodegenError> {
        Ok(match ty {
            Type::Optional(inner) => self.value(inner, owner)?.optional(),
            Type::List(inner) | Type::Array(inner, _) => Type::List(Box::new(self.value(inner, owner)?)),
            Type::Map(key, inner) => Type::Map(key.clone(), Box::new(self.value(inner, owner)?)),
            Type::Named(name, parameters) => {
                let parameters: Result<_, _> =
                    parameters.iter().map(|parameter| self.value(parameter, owner)).collect();
                Type::Named(self.name(name), parameters?)
            }
            Type::Tuple(parts) if parts.is_empty() => Type::Any,
            Type::Tuple(parts) => {
                if ty.any(&|part| matches!(part, Type::Parameter(_))) {
                    return Err(CodegenError::unsupported(
                        owner,
                        "is a tuple with a type parameter in it",
                        "make it a struct with named fields",
                    ));
                }
                let mut parts = parts.clone();
                self.parts(&mut parts, owner)?;
                self.tuples.push(Definition {
                    name: owner.to_owned(),
                    docs: Docs { lines: vec!["An array in JSON.".to_owned()], deprecated: None },
                    parameters: Vec::new(),
                    shape: Shape::Tuple(parts),
                });
                Type::Named(owner.to_owned(), Vec::new())
            }
            Type::Written(_) => Type::Any,
            other => other.clone(),
        })
    }
}
