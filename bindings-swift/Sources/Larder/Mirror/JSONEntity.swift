/// A row of a type that Swift has no struct for.
public struct JSONEntity: Identifiable, Hashable, Sendable {
    public let id: String
    /// The whole row, an object.
    public internal(set) var json: JSONValue

    /// A field of it, `null` if there is none.
    public subscript(field: String) -> JSONValue { json[field] }
}

extension RowKind where Value == JSONEntity {
    /// Rows of any type, whose id is in that field.
    static func json(idField: String) -> RowKind<JSONEntity> {
        RowKind(
            decode: { row, slot in
                switch row {
                case .json(let text):
                    let json = try JSONRow.decode(JSONValue.self, from: text)
                    // A group has no id; it is the same one for as long as it has its place.
                    let id = json[idField] == .null ? "#\(slot)" : Self.word(json[idField])
                    return JSONEntity(id: id, json: json)
                case .packed: throw LarderError.row(kind: "row.mismatch", message: "the registry has a layout for a type that Swift has no struct for")
                case .misfit(let why): throw LarderError.row(kind: "row.mismatch", message: why)
                }
            },
            include: { entity, name, value in
                guard case .object(var members) = entity.json else { return }
                let objects = value.many(JSONEntity.self).map(\.json)
                members[name] = value.isMany ? .array(objects) : objects.first ?? .null
                entity.json = .object(members)
            }
        )
    }

    private static func word(_ id: JSONValue) -> String {
        if case .string(let text) = id { text } else { id.text }
    }
}
