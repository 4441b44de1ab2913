//! Resource types declared by Rust types.

use super::ResourceType;

/// A Rust type whose values are the rows of one resource type.
///
/// With the feature `derive`, `#[derive(Resource)]` implements it for a struct. An implementation by hand must name the fields
/// as they are in the JSON, and must return the same on each call.
///
/// ```
/// use larder::registry::{Resource, ResourceType};
///
/// struct Tag;
///
/// impl Resource for Tag {
///     const NAME: &'static str = "tag";
///
///     fn resource_type() -> ResourceType {
///         ResourceType::new(Self::NAME).version("version")
///     }
/// }
/// assert_eq!(larder::registry![Tag]?.types()[0].name, Tag::NAME);
/// # Ok::<(), larder::registry::RegistryError>(())
/// ```
///
/// What the derive understands, from versions to relations and embedded resources, its own documentation says.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no resource",
    label = "derive `larder::Resource` for it, or name another struct here"
)]
pub trait Resource {
    /// The name in events and queries; must be that of [`Self::resource_type`].
    const NAME: &'static str;

    /// The declaration, for a registry.
    fn resource_type() -> ResourceType;
}

/// Builds a [`Registry`](crate::Registry) of types that are [`Resource`]s: a `Result<Registry, RegistryError>`.
///
/// Relations may lead to types further on in the list, but not out of it. For more than types, such as kinds of events, add
/// them to [`Registry::builder`](crate::Registry::builder) by hand.
///
/// ```
/// # use larder::registry::{RelationKind, Resource, ResourceType};
/// # struct File;
/// # impl Resource for File {
/// #     const NAME: &'static str = "file";
/// #     fn resource_type() -> ResourceType {
/// #         ResourceType::new("file").relation("tags", RelationKind::Many, "tag", "tag_ids")
/// #     }
/// # }
/// # struct Tag;
/// # impl Resource for Tag {
/// #     const NAME: &'static str = "tag";
/// #     fn resource_type() -> ResourceType {
/// #         ResourceType::new("tag")
/// #     }
/// # }
/// let registry = larder::registry![File, Tag]?;
/// assert_eq!(registry.types().len(), 2);
/// assert!(larder::registry![File].is_err(), "files lead to tags");
/// # Ok::<(), larder::registry::RegistryError>(())
/// ```
#[macro_export]
macro_rules! registry {
    ($($resource:ty),* $(,)?) => {
        $crate::Registry::builder()
            $(.resource(<$resource as $crate::registry::Resource>::resource_type()))*
            .build()
    };
}
