import Foundation

/// Makes the rows of a result out of those of a table of another kind.
@MainActor
protocol Reading<Value> {
    associatedtype Value: Identifiable & Sendable where Value.ID: Sendable

    /// A table with all rows that the change puts into the result; a row that cannot be read is left out and reported.
    func read(_ change: ResultChange, _ table: any Table, report: (LarderError) -> Void) -> TypedTable<Value>?
}

/// Groups come as JSON, as they are rows of no resource type.
@MainActor
final class GroupReading<Key: Hashable & Sendable, Figures: Decodable & Hashable & Sendable>: Reading {
    private let paths: [String]
    private let readKey: @Sendable ([JSONValue]) throws -> Key
    private let groups = TypedTable<Group<Key, Figures>>(
        RowKind(decode: { _, _ in throw LarderError.corrupt("a group is made of another row") }, include: { _, _, _ in }))

    init(paths: [String], readKey: @escaping @Sendable ([JSONValue]) throws -> Key) {
        (self.paths, self.readKey) = (paths, readKey)
    }

    func read(_ change: ResultChange, _ table: any Table, report: (LarderError) -> Void) -> TypedTable<Group<Key, Figures>>? {
        for slot in change.splices.flatMap(\.insert) {
            do {
                groups.put(slot, try group(table.object(slot)))
            } catch {
                groups.release(slot)
                report(error as? LarderError ?? .row(kind: "row.mismatch", message: "\(error)"))
            }
        }
        return groups
    }

    private func group(_ row: JSONValue) throws -> Group<Key, Figures> {
        Group(key: try readKey(paths.map { row[$0] }), figures: try JSONRow.decode(Figures.self, from: row))
    }
}

extension JSONRow {
    /// Decodes a value, as from its text; `null` is no value where one may be missing.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: JSONValue) throws -> Value {
        try Data(json.text.utf8).withUnsafeBytes { try decode(type, from: $0) }
    }
}
