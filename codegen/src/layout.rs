//! The layout of packed rows.

use crate::model::{Field, Model, Shape, Type};
use larder::registry::{FieldType, LayoutField};

/// What a packed row of this type consists of; `None` for a type that is no object.
pub(crate) fn of_row(model: &Model, row: &str) -> Option<Vec<LayoutField>> {
    match &model.get(row)?.shape {
        Shape::Record(fields) => Some(of_fields(model, fields, &mut vec![row.to_owned()])),
        _ => None,
    }
}

/// Whether values of a type are packed field by field, and not as JSON text.
pub(crate) fn is_packed(model: &Model, name: &str) -> bool {
    !matches!(of(model, &Type::Named(name.to_owned(), Vec::new()), &mut Vec::new()), FieldType::Json)
}

fn of_fields(model: &Model, fields: &[Field], within: &mut Vec<String>) -> Vec<LayoutField> {
    fields
        .iter()
        .map(|field| {
            let field_type = of(model, &field.ty, within);
            let field_type = match field_type {
                // Both of these can be null already.
                FieldType::Json | FieldType::Optional(_) => field_type,
                other if field.may_be_missing => FieldType::Optional(Box::new(other)),
                other => other,
            };
            LayoutField { name: field.key.clone(), field_type }
        })
        .collect()
}

/// How a value is packed. `within` are the types that it is in: one that is in itself has no end, and is JSON.
fn of(model: &Model, ty: &Type, within: &mut Vec<String>) -> FieldType {
    match ty {
        Type::Bool => FieldType::Bool,
        Type::Int(_) => FieldType::Int,
        Type::Float => FieldType::Float,
        Type::Text => FieldType::Text,
        Type::Uuid => FieldType::Uuid,
        Type::Moment => FieldType::Timestamp,
        Type::Optional(inner) => match of(model, inner, within) {
            optional @ FieldType::Optional(_) => optional,
            other => FieldType::Optional(Box::new(other)),
        },
        Type::List(inner) | Type::Array(inner, _) => FieldType::List(Box::new(of(model, inner, within))),
        Type::Map(_, value) => FieldType::Map(Box::new(of(model, value, within))),
        Type::Named(name, parameters) if parameters.is_empty() && !within.contains(name) => {
            let Some(definition) = model.get(name) else { return FieldType::Json };
            within.push(name.clone());
            let packed = match &definition.shape {
                _ if is_recursive(model, name) => FieldType::Json,
                Shape::Record(fields) => FieldType::Struct(of_fields(model, fields, within)),
                Shape::Wrapper(inner) => of(model, inner, within),
                Shape::Names(_) => FieldType::Text,
                Shape::Tuple(_) | Shape::Choice(..) => FieldType::Json,
            };
            within.pop();
            packed
        }
        Type::Named(..) | Type::Any | Type::Tuple(_) | Type::Parameter(_) | Type::Written(_) => {
            FieldType::Json
        }
    }
}

/// Whether a type is in itself, be it in a list.
fn is_recursive(model: &Model, name: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut left: Vec<&str> = vec![name];
    while let Some(next) = left.pop() {
        for used in model.get(next).map(used_by).unwrap_or_default() {
            if used == name {
                return true;
            }
            if !seen.contains(&used) {
                seen.push(used);
                left.push(used);
            }
        }
    }
    false
}

/// The types that a record or a wrapper holds.
fn used_by(definition: &crate::model::Definition) -> Vec<&str> {
    let types: Vec<&Type> = match &definition.shape {
        Shape::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
        Shape::Wrapper(inner) => vec![inner],
        _ => Vec::new(),
    };
    let mut names = Vec::new();
    for ty in types {
        ty.names(&mut names);
    }
    names
}
