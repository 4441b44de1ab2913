import Foundation

/// A Swift type whose values are the rows of one resource type.
///
/// `cargo xtask codegen` writes it from the Rust struct. Written by hand, it needs a name and the fields that queries may speak
/// of; rows then come as JSON and are read by `Decodable`:
///
/// ```swift
/// struct Tag: Resource {
///     var id: String
///     var color: String
///
///     static let resourceName = "tag"
///     struct Fields: ResourceFields {
///         let id = Field<String>("id")
///         let color = Field<String>("color")
///     }
/// }
/// ```
public protocol Resource: Codable, Hashable, Sendable, Identifiable where ID: FieldValue & Sendable {
    /// What queries may speak of, so that `\.color` is a field that there is.
    associatedtype Fields: ResourceFields

    /// The name in events and queries, e.g. `file`.
    static var resourceName: String { get }
    /// The declaration: id and version fields, relations, how rows are laid out.
    static var resourceType: ResourceType { get }

    /// Reads a packed row, in the order of the layout in `resourceType`.
    init(from reader: inout PackedReader) throws
    /// Takes what a relation leads to, for queries that include it.
    mutating func include(_ relation: String, _ value: IncludedValue)
}

extension Resource {
    public static var resourceType: ResourceType { ResourceType(resourceName) }

    public init(from reader: inout PackedReader) throws {
        throw LarderError.row(
            kind: "row.no_layout",
            message: "\(Self.self) declares a layout but no `init(from: inout PackedReader)`; leave one out or add the other"
        )
    }

    public mutating func include(_ relation: String, _ value: IncludedValue) {}
}

/// The fields of a resource, or of a struct in one: each property is a `Field` or a `Relation`, by the name of the Swift property.
public protocol ResourceFields: Sendable {
    init()
}

/// A struct inside of a resource whose own fields queries may speak of: `\.meta.camera`.
public protocol FieldGroup {
    associatedtype Fields: ResourceFields
}

extension Optional: FieldGroup where Wrapped: FieldGroup {
    public typealias Fields = Wrapped.Fields
}
