//! The resource types of an app, and all types that their rows consist of.

use crate::model::Model;
use crate::read::Reader;
use crate::swift::SwiftOptions;
use crate::{CodegenError, layout, output, relate, swift, typescript};
use larder::Registry;
use larder::registry::{RegistrySpec, Resource, ResourceType, UnknownTypes};
use specta::datatype::DataType;
use specta::{Format, Type, Types};
use std::path::Path;

/// The resource types of an app, ready to be written in other languages. [`schema!`](crate::schema!) makes it.
#[derive(Debug, Clone)]
pub struct Schema {
    registry: Registry,
    spec: RegistrySpec,
    model: Model,
}

impl Schema {
    /// For a schema that says more than types, such as kinds of events.
    pub fn builder() -> SchemaBuilder {
        SchemaBuilder::default()
    }

    /// The registry, with the layout of packed rows for each type.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The same as data, for instance for a host that reads it as JSON.
    pub fn registry_spec(&self) -> &RegistrySpec {
        &self.spec
    }

    /// The TypeScript module for `@larder/client`.
    ///
    /// # Errors
    /// [`CodegenError::TakenName`] when a type has a name that the module needs.
    pub fn typescript(&self) -> Result<String, CodegenError> {
        typescript::module(&self.model, &self.spec)
    }

    /// The Swift file for the package `Larder`.
    ///
    /// # Errors
    /// [`CodegenError`] when a type or a property has a name that another one has, or that Swift needs, or a type has no
    /// counterpart.
    pub fn swift(&self, options: &SwiftOptions) -> Result<String, CodegenError> {
        swift::file(&self.model, &self.spec, options)
    }

    /// Writes the TypeScript module, unless the file has that text already. Returns whether it wrote.
    ///
    /// # Errors
    /// As [`Schema::typescript`], and [`CodegenError::File`].
    pub fn write_typescript(&self, path: impl AsRef<Path>) -> Result<bool, CodegenError> {
        output::write(path.as_ref(), &self.typescript()?)
    }

    /// Writes the Swift file, unless it has that text already. Returns whether it wrote.
    ///
    /// # Errors
    /// As [`Schema::swift`], and [`CodegenError::File`].
    pub fn write_swift(&self, path: impl AsRef<Path>, options: &SwiftOptions) -> Result<bool, CodegenError> {
        output::write(path.as_ref(), &self.swift(options)?)
    }

    /// Fails unless the file is what [`Schema::write_typescript`] would write: for a test of the app.
    ///
    /// # Errors
    /// As [`Schema::typescript`], [`CodegenError::Drift`] and [`CodegenError::File`].
    pub fn check_typescript(&self, path: impl AsRef<Path>) -> Result<(), CodegenError> {
        output::check(path.as_ref(), &self.typescript()?)
    }

    /// Fails unless the file is what [`Schema::write_swift`] would write.
    ///
    /// # Errors
    /// As [`Schema::swift`], [`CodegenError::Drift`] and [`CodegenError::File`].
    pub fn check_swift(&self, path: impl AsRef<Path>, options: &SwiftOptions) -> Result<(), CodegenError> {
        output::check(path.as_ref(), &self.swift(options)?)
    }
}

/// Collects resource types; see [`Schema::builder`].
#[derive(Debug, Clone, Default)]
pub struct SchemaBuilder {
    spec: RegistrySpec,
    types: Types,
    rows: Vec<DataType>,
}

impl SchemaBuilder {
    /// Adds a resource type.
    #[must_use]
    pub fn resource<T: Resource + Type>(mut self) -> Self {
        self.spec.types.push(T::resource_type());
        self.rows.push(T::definition(&mut self.types));
        self
    }

    /// Adds a kind of event that is handed to the app's listeners unchanged.
    #[must_use]
    pub fn event(mut self, kind: impl Into<String>) -> Self {
        self.spec.events.push(kind.into());
        self
    }

    /// Chooses what happens to resources of types that are not declared. Default: they are stored.
    #[must_use]
    pub fn unknown_types(mut self, unknown_types: UnknownTypes) -> Self {
        self.spec.unknown_types = unknown_types;
        self
    }

    /// Reads the types, and checks them against the registry.
    ///
    /// # Errors
    /// [`CodegenError`] when the resource types do not go together, or when what serde writes for one has no counterpart in
    /// TypeScript and Swift.
    pub fn build(self) -> Result<Schema, CodegenError> {
        let Self { mut spec, types, rows } = self;
        // What serde itself would refuse, or does otherwise than it seems.
        specta_serde::PhasesFormat
            .map_types(&types)
            .map_err(|error| CodegenError::Serde { message: error.to_string() })?;
        Registry::from_spec(spec.clone())?;

        let mut reader = Reader::new(&types);
        let names = rows
            .iter()
            .zip(&spec.types)
            .map(|(row, resource)| reader.root(row, &resource.name))
            .collect::<Result<Vec<_>, _>>()?;
        let model = relate::model(reader.definitions, &spec.types, &names)?;
        for (resource, row) in spec.types.iter_mut().zip(&names) {
            resource.layout = layout::of_row(&model, row);
        }
        Ok(Schema { registry: Registry::from_spec(spec.clone())?, spec, model })
    }
}

/// The registry as web pages need it: they read rows as JSON, whatever their layout.
pub(crate) fn without_layouts(spec: &RegistrySpec) -> RegistrySpec {
    let types =
        spec.types.iter().cloned().map(|resource| ResourceType { layout: None, ..resource }).collect();
    RegistrySpec { types, ..spec.clone() }
}

/// Reads types that derive `larder::Resource` and `specta::Type`: a `Result<Schema, CodegenError>`.
///
/// The first resource types are the first in patches, as with `larder::registry!`, so list them in one order everywhere.
#[macro_export]
macro_rules! schema {
    ($($resource:ty),* $(,)?) => {
        $crate::Schema::builder()$(.resource::<$resource>())*.build()
    };
}
