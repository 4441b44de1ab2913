//! Reading specta's graph of types as serde sees it.

mod attributes;
mod docs;
mod enumeration;
mod fields;
mod known;

use crate::CodegenError;
use crate::model::{Definition, Shape, Type, Width};
use attributes::{Container, refuse};
use specta::Types;
use specta::datatype::{DataType, Fields, NamedDataType, NamedReferenceType, Primitive, Reference, Struct};
use specta_serde::{Phase, select_phase_datatype};
use specta_typescript::Branded;

/// Reads types, and all types that they use, each once.
pub(crate) struct Reader<'a> {
    types: &'a Types,
    /// What was read, in the order in which it was met.
    pub definitions: Vec<Definition>,
    /// The path in Rust of each definition.
    paths: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(types: &'a Types) -> Self {
        Self { types, definitions: Vec::new(), paths: Vec::new() }
    }

    /// Reads a type with a name, and returns that.
    pub fn root(&mut self, root: &DataType, place: &str) -> Result<String, CodegenError> {
        match self.value(root, place)? {
            Type::Named(name, parameters) if parameters.is_empty() => Ok(name),
            _ => Err(CodegenError::unsupported(
                place,
                "is the row of a resource type and no struct",
                "make it one",
            )),
        }
    }

    /// What a type is, where it is used.
    fn value(&mut self, value: &DataType, place: &str) -> Result<Type, CodegenError> {
        Ok(match value {
            DataType::Primitive(primitive) => scalar(primitive),
            DataType::Nullable(inner) => self.value(inner, place)?.optional(),
            DataType::List(list) => {
                let element = Box::new(self.value(&list.ty, place)?);
                match list.length {
                    Some(length) => Type::Array(element, length),
                    None => Type::List(element),
                }
            }
            DataType::Map(map) => Type::Map(
                Box::new(self.value(map.key_ty(), place)?),
                Box::new(self.value(map.value_ty(), place)?),
            ),
            DataType::Tuple(tuple) => Type::Tuple(self.values(&tuple.elements, place)?),
            DataType::Generic(parameter) => Type::Parameter(parameter.name().to_string()),
            DataType::Reference(Reference::Named(reference)) => {
                let Some(named) = self.types.get(reference) else {
                    return Err(CodegenError::unsupported(
                        place,
                        "uses a type that specta did not collect",
                        "derive `specta::Type` for it",
                    ));
                };
                if let Some(known) = known::find(named) {
                    return Ok(known);
                }
                match &reference.inner {
                    NamedReferenceType::Reference { generics, .. } => {
                        let parameters: Vec<_> =
                            generics.iter().map(|(_, parameter)| parameter.clone()).collect();
                        self.named(named, &parameters, place)?
                    }
                    // What the standard library's containers are, is written out in their place.
                    NamedReferenceType::Inline { dt, .. } if named.ty.is_none() => self.value(dt, place)?,
                    NamedReferenceType::Inline { .. } if named.generics.is_empty() => {
                        self.named(named, &[], place)?
                    }
                    _ => {
                        return Err(CodegenError::unsupported(
                            place,
                            "writes out a type with parameters, or one within itself",
                            "remove `#[specta(inline)]`",
                        ));
                    }
                }
            }
            DataType::Reference(Reference::Opaque(opaque)) => {
                if let Some(branded) = opaque.downcast_ref::<Branded>() {
                    return self.value(branded.ty(), place);
                }
                // What is read otherwise than it is written, is as it is written.
                match select_phase_datatype(value, self.types, Phase::Serialize) {
                    DataType::Reference(Reference::Opaque(_)) => known::overridden(opaque, value, place)?,
                    written => self.value(&written, place)?,
                }
            }
            DataType::Struct(_) | DataType::Enum(_) | DataType::Intersection(_) => {
                return Err(CodegenError::unsupported(
                    place,
                    "has a type without a name",
                    "give it a name of its own",
                ));
            }
        })
    }

    fn values(&mut self, values: &[DataType], place: &str) -> Result<Vec<Type>, CodegenError> {
        values.iter().map(|value| self.value(value, place)).collect()
    }

    fn named(
        &mut self,
        named: &NamedDataType,
        parameters: &[DataType],
        place: &str,
    ) -> Result<Type, CodegenError> {
        let Some(ty) = &named.ty else {
            return Err(CodegenError::unsupported(
                place,
                "uses a type that specta does not export",
                "give it a name of its own",
            ));
        };
        let parameters = self.values(parameters, place)?;
        let name = attributes::renamed(ty).unwrap_or_else(|| named.name.to_string());
        let path = format!("{}::{}", named.module_path, named.name);
        match self.definitions.iter().position(|there| there.name == name) {
            Some(at) if self.paths.get(at) == Some(&path) => {}
            Some(at) => {
                let first = self.paths.get(at).cloned().unwrap_or_default();
                return Err(CodegenError::SameName { first, second: path });
            }
            None => {
                // Its place is taken before it is read, because it may use itself.
                let at = self.definitions.len();
                self.paths.push(path);
                let docs = docs::read(&named.docs, named.deprecated.as_ref());
                let names = named.generics.iter().map(|generic| generic.name.to_string()).collect();
                let unread = Shape::Tuple(Vec::new());
                self.definitions.push(Definition {
                    name: name.clone(),
                    docs,
                    parameters: names,
                    shape: unread,
                });
                let shape = self.shape(ty, &name)?;
                if let Some(definition) = self.definitions.get_mut(at) {
                    definition.shape = shape;
                }
            }
        }
        Ok(Type::Named(name, parameters))
    }

    fn shape(&mut self, ty: &DataType, name: &str) -> Result<Shape, CodegenError> {
        match ty {
            DataType::Struct(found) => {
                let container = Container::read(&found.attributes, name)?;
                match &container.written_as {
                    Some(other) => Ok(Shape::Wrapper(self.value(other, name)?)),
                    None => self.structure(found, &container, name),
                }
            }
            DataType::Enum(found) => {
                let container = Container::read(&found.attributes, name)?;
                match &container.written_as {
                    Some(other) => Ok(Shape::Wrapper(self.value(other, name)?)),
                    None => self.enumeration(found, &container, name),
                }
            }
            other => Ok(Shape::Wrapper(self.value(other, name)?)),
        }
    }

    fn structure(
        &mut self,
        found: &Struct,
        container: &Container,
        name: &str,
    ) -> Result<Shape, CodegenError> {
        if container.tag.is_some() {
            return Err(refuse(name, "is a struct with `serde(tag)`", "give it a field for the tag"));
        }
        match &found.fields {
            Fields::Unit => Ok(Shape::Wrapper(Type::Tuple(Vec::new()))),
            Fields::Unnamed(unnamed) => {
                let mut parts = self.unnamed(&unnamed.fields, name)?;
                // A tuple of one is that one, as is what `serde(transparent)` leaves over.
                if unnamed.fields.len() == 1 || container.transparent {
                    return Ok(Shape::Wrapper(parts.pop().unwrap_or(Type::Tuple(Vec::new()))));
                }
                Ok(Shape::Tuple(parts))
            }
            Fields::Named(fields) => {
                let mut fields = self.fields(fields, container.rename_all, container.default, name)?;
                match fields.pop() {
                    Some(only) if container.transparent => Ok(Shape::Wrapper(only.ty)),
                    last => {
                        fields.extend(last);
                        Ok(Shape::Record(fields))
                    }
                }
            }
        }
    }
}

fn scalar(primitive: &Primitive) -> Type {
    match primitive {
        Primitive::bool => Type::Bool,
        Primitive::i8 | Primitive::i16 | Primitive::i32 | Primitive::u8 | Primitive::u16 => {
            Type::Int(Width::Narrow)
        }
        Primitive::u32 => Type::Int(Width::Unsigned32),
        Primitive::i64
        | Primitive::i128
        | Primitive::isize
        | Primitive::u64
        | Primitive::u128
        | Primitive::usize => Type::Int(Width::Wide),
        Primitive::f16 | Primitive::f32 | Primitive::f64 | Primitive::f128 => Type::Float,
        Primitive::char | Primitive::str => Type::Text,
    }
}
