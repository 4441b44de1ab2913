/// Up or down.
public enum Direction: String, Sendable {
    case ascending = "asc", descending = "desc"
}

/// How text is compared: by its bytes, or as people sort, without case and with numbers by their value.
public enum Collation: String, Sendable {
    case byte, natural
}

/// Where rows without a value go, whatever the direction. Without it: first if ascending, last if descending.
public enum Nils: String, Sendable {
    case first, last
}

enum OrderKey {
    static func json(_ path: String, _ collation: Collation, _ direction: Direction, _ nils: Nils?) -> JSONValue {
        var options: [String: JSONValue] = ["dir": .string(direction.rawValue)]
        if collation != .byte { options["collate"] = .string(collation.rawValue) }
        options["nulls"] = nils.map { .string($0.rawValue) }
        return .object([path: .object(options)])
    }
}
