/// The declaration of a resource type, as data: the same in every language.
public struct ResourceType: Sendable, Hashable {
    /// As JSON; the keys are those of `ResourceType` in the Rust crate.
    public let json: JSONValue

    /// A type with this name, its id in the field `id`, and what else is given.
    public init(
        _ name: String,
        id: String = "id",
        version: String? = nil,
        ttlMs: Int? = nil,
        merge: MergePolicy = .replace,
        fields: [String: MergePolicy] = [:],
        relations: [String: RelationType] = [:],
        index: [String] = []
    ) {
        var object: [String: JSONValue] = ["name": .string(name), "id": .string(id), "merge": .string(merge.rawValue)]
        object["version"] = version.map(JSONValue.string)
        object["ttlMs"] = ttlMs.map { .integer(Int64($0)) }
        if !fields.isEmpty { object["fields"] = .object(fields.mapValues { .string($0.rawValue) }) }
        if !relations.isEmpty { object["relations"] = .object(relations.mapValues(\.json)) }
        if !index.isEmpty { object["index"] = .array(index.map(JSONValue.string)) }
        json = .object(object)
    }

    /// A declaration that was written by a program.
    public init(json text: StaticString) {
        // What is no JSON is refused with its place when the client is opened.
        json = JSONValue(parsing: "\(text)") ?? .string("\(text)")
    }

    /// The name in events and queries.
    public var name: String {
        if case .string(let name) = json["name"] { name } else { "" }
    }

    /// The field that holds the id.
    public var idField: String {
        if case .string(let field) = json["id"] { field } else { "id" }
    }
}

/// What an event's resource, or a field of it, does to the cached one. `union` is for fields only.
public enum MergePolicy: String, Sendable {
    case replace, deep, union
}

/// How resources of one type refer to those of another.
public struct RelationType: Sendable, Hashable {
    let json: JSONValue

    private init(_ kind: String, _ target: String, field: String, holds: String) {
        json = .object(["to": .string(target), "kind": .string(kind), "field": .string(field), "holds": .string(holds)])
    }

    /// `field` holds the id of one resource.
    public static func one(_ target: String, field: String) -> Self { Self("one", target, field: field, holds: "ids") }
    /// `field` holds the ids of many.
    public static func many(_ target: String, field: String) -> Self { Self("many", target, field: field, holds: "ids") }
    /// `field` comes with a whole resource in it.
    public static func embedded(one target: String, field: String) -> Self { Self("one", target, field: field, holds: "resources") }
    /// `field` comes with whole resources in it.
    public static func embedded(many target: String, field: String) -> Self { Self("many", target, field: field, holds: "resources") }
    /// `field` of the other type holds the id of this one.
    public static func reverse(many target: String, field: String) -> Self { Self("many", target, field: field, holds: "reverse") }
}
