/// All resource types that an app knows.
///
/// ```swift
/// let registry = Registry(File.self, Tag.self)
/// ```
public struct Registry: Sendable {
    /// As JSON, the same in every language.
    public let json: JSONValue
    /// Makes the table of the type with that number.
    let makeTable: @MainActor @Sendable (Int) -> any Table
    let names: Set<String>

    /// The types of these structs. `events` are kinds of events to hand on, beside `Core…`, `Library…`, `Job…` and `Log…`;
    /// resources of other types are refused if `refusesOthers`, and ignored by all that Swift reads otherwise.
    public init<each Declared: Resource>(_ types: repeat (each Declared).Type, events: [String] = [], refusesOthers: Bool = false) {
        var declarations: [JSONValue] = []
        var tables: [@MainActor @Sendable () -> any Table] = []
        var names: Set<String> = []
        func add<One: Resource>(_ type: One.Type) {
            declarations.append(type.resourceType.json)
            names.insert(type.resourceName)
            tables.append { TypedTable(RowKind<One>.resource) }
        }
        repeat add(each types)
        self.names = names
        var object: [String: JSONValue] = ["types": .array(declarations)]
        if !events.isEmpty { object["events"] = .array(events.map(JSONValue.string)) }
        if refusesOthers { object["unknownTypes"] = "refuse" }
        json = .object(object)
        makeTable = { [tables] number in number < tables.count ? tables[number]() : TypedTable(.json(idField: "id")) }
    }

    /// A registry as data, for apps without structs: all rows are `JSONEntity`.
    public init(json: JSONValue) {
        self.json = json
        var fields: [String] = []
        if case .array(let types) = json["types"] {
            for type in types {
                if case .string(let field) = type["id"] { fields.append(field) } else { fields.append("id") }
            }
        }
        names = []
        makeTable = { [fields] number in TypedTable(.json(idField: number < fields.count ? fields[number] : "id")) }
    }
}
