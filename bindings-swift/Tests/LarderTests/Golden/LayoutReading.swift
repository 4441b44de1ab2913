import Foundation
@testable import Larder

/// Reads packed rows by a layout that is known only when the tests run, as generated code does by one that it was written for.
struct LayoutReading: Sendable {
    let fields: [(name: String, type: JSONValue)]

    init(_ layout: JSONValue) {
        fields = layout.elements.map { ($0["name"].string, $0["type"]) }
    }

    func row(_ bytes: UnsafeRawBufferPointer) throws -> JSONValue {
        var reader = PackedReader(bytes)
        let value = try object(&reader)
        if reader.isDamaged || reader.at != reader.end { throw LarderError.corrupt("the row is not as long as its layout") }
        return value
    }

    private func object(_ reader: inout PackedReader) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for field in fields { members[field.name] = try value(field.type, &reader) }
        return .object(members)
    }

    private func value(_ type: JSONValue, _ reader: inout PackedReader) throws -> JSONValue {
        switch type {
        case "text": return .string(reader.text())
        case "bool": return .bool(reader.bool())
        case "int": return .integer(reader.int())
        case "float":
            let number = reader.double()
            // As JSON is read: a whole number is an integer, however it was written.
            return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
        case "uuid": return reader.uuid().json
        // `Date` keeps seconds in a Double, which in the year 9999 has no room for microseconds.
        case "timestamp": return .integer(reader.int())
        case "json": return try reader.json()
        default: break
        }
        guard case .object(let parts) = type, let (kind, inner) = parts.first else { throw LarderError.corrupt("no type: \(type)") }
        switch kind {
        case "optional": return try reader.optional { try value(inner, &$0) } ?? .null
        case "list": return .array(try reader.list { try value(inner, &$0) })
        case "map": return .object(try reader.map { try value(inner, &$0) })
        default: return try LayoutReading(inner).object(&reader)
        }
    }
}
