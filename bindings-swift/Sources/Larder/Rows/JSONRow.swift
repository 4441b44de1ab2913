import Foundation

/// Rows and values that come as JSON text.
enum JSONRow {
    /// Decodes with moments as RFC 3339, as the backend writes them.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: UnsafeRawBufferPointer) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = Timestamp.date(of: text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(text)` is no moment as in RFC 3339"))
            }
            return date
        }
        do {
            return try decoder.decode(type, from: Data(text))
        } catch {
            throw LarderError.row(kind: "row.mismatch", message: "a row is not a \(type): \(error)")
        }
    }

    /// Encodes with moments as RFC 3339.
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(of: date))
        }
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw LarderError.client(kind: "value.not_json", message: "a \(type(of: value)) cannot be written as JSON: \(error)")
        }
    }
}
