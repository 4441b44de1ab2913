//! What the registry says about the types: which are rows, what their ids are, and where relations lead.

use crate::CodegenError;
use crate::model::{Definition, Field, Model, Relation, Resource, Shape, Type};
use larder::registry::{Holds, ResourceType};

/// Puts types and registry together. `rows` are the names of the types of rows, one for each resource type.
pub(crate) fn model(
    definitions: Vec<Definition>,
    declared: &[ResourceType],
    rows: &[String],
) -> Result<Model, CodegenError> {
    let mut model = Model { types: definitions, resources: Vec::with_capacity(declared.len()) };
    for (resource, row) in declared.iter().zip(rows) {
        let read = self::resource(&model, resource, row)?;
        model.resources.push(read);
    }
    for (resource, row) in declared.iter().zip(rows) {
        embed(&mut model, resource, row)?;
    }
    in_order(&mut model, rows);
    Ok(model)
}

fn resource(model: &Model, declared: &ResourceType, row: &str) -> Result<Resource, CodegenError> {
    let fields = fields(model, declared, row)?;
    let find = |field: &str, role| {
        fields.iter().find(|there| there.key == field).ok_or_else(|| CodegenError::NoSuchField {
            resource_type: declared.name.clone(),
            type_name: row.to_owned(),
            field: field.to_owned(),
            role,
        })
    };
    let id = find(&declared.id, "id")?;
    if id.may_be_missing || !is_id(model, &id.ty) {
        return Err(CodegenError::BadId { type_name: row.to_owned(), field: id.key.clone() });
    }
    if let Some(version) = &declared.version {
        find(version, "version")?;
    }
    let mut relations = Vec::with_capacity(declared.relations.len());
    for (name, relation) in &declared.relations {
        if relation.holds != Holds::Reverse {
            find(&relation.field, "relation")?;
        }
        relations.push(Relation { name: name.clone(), to: relation.to.clone(), kind: relation.kind });
    }
    Ok(Resource {
        name: declared.name.clone(),
        row: row.to_owned(),
        id: declared.id.clone(),
        id_type: id.ty.clone(),
        relations,
    })
}

/// Whether values of a type can be ids, also under another name.
fn is_id(model: &Model, ty: &Type) -> bool {
    match ty {
        Type::Text | Type::Uuid | Type::Int(_) | Type::Written(_) => true,
        Type::Named(name, _) => {
            matches!(model.get(name).map(|found| &found.shape), Some(Shape::Wrapper(inner)) if is_id(model, inner))
        }
        _ => false,
    }
}

/// Fields that hold whole resources hold their ids in rows.
fn embed(model: &mut Model, declared: &ResourceType, row: &str) -> Result<(), CodegenError> {
    for (name, relation) in &declared.relations {
        if relation.holds == Holds::Reverse || relation.field != *name {
            continue;
        }
        let Some(Resource { row: target, id_type: id, .. }) = model.resource(&relation.to).cloned() else {
            continue;
        };
        let Some(field) =
            fields_mut(model, row).and_then(|all| all.iter_mut().find(|there| there.key == *name))
        else {
            continue;
        };
        if relation.holds == Holds::Resources {
            field.ty = with_ids(&field.ty, &target, &id).ok_or_else(|| CodegenError::BadEmbedding {
                type_name: row.to_owned(),
                field: name.clone(),
                target: relation.to.clone(),
                row: target.clone(),
            })?;
        }
        field.embeds = Some(name.clone());
    }
    Ok(())
}

/// `Tag`, an option or a list of it, with the ids in its place.
fn with_ids(ty: &Type, target: &str, id: &Type) -> Option<Type> {
    match ty {
        Type::Named(name, _) if name == target => Some(id.clone()),
        Type::Optional(inner) => with_ids(inner, target, id).map(Type::optional),
        Type::List(inner) => with_ids(inner, target, id).map(|ids| Type::List(Box::new(ids))),
        _ => None,
    }
}

fn fields<'a>(model: &'a Model, declared: &ResourceType, row: &str) -> Result<&'a [Field], CodegenError> {
    match model.get(row).map(|definition| &definition.shape) {
        Some(Shape::Record(fields)) => Ok(fields),
        _ => {
            Err(CodegenError::NotAnObject { resource_type: declared.name.clone(), type_name: row.to_owned() })
        }
    }
}

fn fields_mut<'a>(model: &'a mut Model, row: &str) -> Option<&'a mut Vec<Field>> {
    let definition = model.types.iter_mut().find(|definition| definition.name == row)?;
    match &mut definition.shape {
        Shape::Record(fields) => Some(fields),
        _ => None,
    }
}

/// The rows come first, as the registry has them.
fn in_order(model: &mut Model, rows: &[String]) {
    let place =
        |definition: &Definition| rows.iter().position(|row| *row == definition.name).unwrap_or(rows.len());
    model.types.sort_by_key(place);
}
