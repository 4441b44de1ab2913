/// Which answers of the backend are wrong.
public struct Invalidation: Sendable, Hashable {
    /// As in PROTOCOL.md.
    public let json: JSONValue

    private init(_ key: String, _ value: JSONValue) {
        json = .object([key: value])
    }

    /// All of them.
    public static let everything = Invalidation("all", true)

    /// Those of these methods; `files.*` stands for all that begin so.
    public static func methods(_ names: [String]) -> Self {
        Self("methods", .array(names.map(JSONValue.string)))
    }

    /// Those that have to do with this resource type.
    public static func type<Row: Resource>(_ type: Row.Type) -> Self {
        Self("types", [.string(Row.resourceName)])
    }

    /// Those that depend on this folder: on all below it, or only on what is directly in it.
    public static func folder(_ path: String, recursive: Bool = true) -> Self {
        Self("scopes", [["path": .string(path), "recursive": .bool(recursive)]])
    }

    /// Those that list this entity.
    public static func entity<Row: Resource>(_ type: Row.Type, _ id: Row.ID) -> Self {
        Self("entities", [["type": .string(Row.resourceName), "id": id.json]])
    }
}
