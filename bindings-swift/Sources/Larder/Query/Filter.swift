/// Conditions on the rows of a resource type, made of key paths to its fields:
///
/// ```swift
/// \.parentId == folder && !(\.isDir == true) && .startsWith(\.name, "IMG")
/// ```
///
/// A key path that leads to no field does not compile.
public struct Filter<Fields: ResourceFields>: Sendable, Hashable {
    /// As in the query's `where`.
    public let json: JSONValue

    init(json: JSONValue) {
        self.json = json
    }

    init(_ path: String, _ test: String, _ value: JSONValue) {
        json = .object([path: .object([test: value])])
    }

    /// Holds for every row.
    public static var everything: Filter { Filter(json: .object([:])) }

    private static func path<Value>(_ field: KeyPath<Fields, Field<Value>>) -> String {
        Fields()[keyPath: field].path
    }

    static func test<Value>(_ field: KeyPath<Fields, Field<Value>>, _ name: String, _ value: JSONValue) -> Filter {
        Filter(path(field), name, value)
    }

    /// The field is one of these.
    public static func isIn<Value: FieldValue>(_ field: KeyPath<Fields, Field<Value>>, _ values: some Sequence<Value>) -> Filter {
        test(field, "in", .array(values.map(\.json)))
    }

    /// The field is null or missing, or, with `false`, neither.
    public static func isNil<Value>(_ field: KeyPath<Fields, Field<Value?>>, _ isNil: Bool = true) -> Filter {
        test(field, "isNull", .bool(isNil))
    }

    /// The field is an array with this element.
    public static func contains<Value: FieldValue>(_ field: KeyPath<Fields, Field<[Value]>>, _ element: Value) -> Filter {
        test(field, "contains", element.json)
    }

    /// The field is an array, and one of its objects is like this.
    public static func some<Value: FieldGroup>(_ field: KeyPath<Fields, Field<[Value]>>, _ filter: Filter<Value.Fields>) -> Filter {
        test(field, "some", filter.json)
    }

    /// The field is an array, and each of its objects is like this.
    public static func every<Value: FieldGroup>(_ field: KeyPath<Fields, Field<[Value]>>, _ filter: Filter<Value.Fields>) -> Filter {
        test(field, "every", filter.json)
    }

    /// The field is an array, and none of its objects is like this.
    public static func none<Value: FieldGroup>(_ field: KeyPath<Fields, Field<[Value]>>, _ filter: Filter<Value.Fields>) -> Filter {
        test(field, "none", filter.json)
    }

    /// The text begins with this.
    public static func startsWith<Value: TextValue>(_ field: KeyPath<Fields, Field<Value>>, _ text: String, ignoringCase: Bool = false) -> Filter {
        match(field, "startsWith", text, ignoringCase)
    }

    /// The text has this in it.
    public static func includes<Value: TextValue>(_ field: KeyPath<Fields, Field<Value>>, _ text: String, ignoringCase: Bool = false) -> Filter {
        match(field, "includes", text, ignoringCase)
    }

    /// A path below this folder, at any depth.
    public static func under<Value: TextValue>(_ field: KeyPath<Fields, Field<Value>>, _ folder: String) -> Filter {
        test(field, "under", .string(folder))
    }

    /// A path directly in this folder.
    public static func childOf<Value: TextValue>(_ field: KeyPath<Fields, Field<Value>>, _ folder: String) -> Filter {
        test(field, "childOf", .string(folder))
    }

    private static func match<Value>(_ field: KeyPath<Fields, Field<Value>>, _ name: String, _ text: String, _ ignoringCase: Bool) -> Filter {
        var test: [String: JSONValue] = [name: .string(text)]
        if ignoringCase { test["ignoreCase"] = true }
        return Filter(json: .object([path(field): .object(test)]))
    }
}

/// Text, or text that may be missing.
public protocol TextValue {}
extension String: TextValue {}
extension Optional: TextValue where Wrapped: TextValue {}
