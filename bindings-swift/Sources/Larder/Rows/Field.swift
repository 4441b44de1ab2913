/// A field of a row, by its path in JSON. `Value` is what Swift reads there.
@dynamicMemberLookup
public struct Field<Value>: Sendable {
    /// `name`, or `meta.camera` for a field of nested objects.
    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    /// A field of the object in this field.
    public subscript<Inner>(dynamicMember member: KeyPath<Value.Fields, Field<Inner>>) -> Field<Inner> where Value: FieldGroup {
        Field<Inner>(path + "." + Value.Fields()[keyPath: member].path)
    }
}

/// A relation to one resource or to many, by its name.
public struct Relation<Target: Resource>: Sendable {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }
}
