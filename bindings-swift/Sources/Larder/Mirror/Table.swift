import Foundation

/// The mirrored rows of one resource type, or of one shape, by slot. What is in it is known to the table alone.
@MainActor
protocol Table: AnyObject {
    func set(_ slot: Int, _ row: RowBytes) throws
    /// The row at `slot` of `base`, with what its relations lead to.
    func compose(_ slot: Int, from base: any Table, _ edges: [(name: String, value: IncludedValue)])
    func release(_ slot: Int)
    /// The rows at these slots, as something that a relation leads to.
    func included(_ slots: [Int], isMany: Bool) -> IncludedValue
    /// The row at this slot as JSON, `null` if it is read as something else.
    func object(_ slot: Int) -> JSONValue
    /// A table for the same rows with relations put in.
    func emptyCopy() -> any Table
    /// How many rows were read so far.
    var decoded: Int { get }
}

/// How a table reads and composes its rows.
struct RowKind<Value: Identifiable & Sendable>: Sendable where Value.ID: Sendable {
    /// Reads the row that goes to this slot.
    let decode: @Sendable (RowBytes, _ slot: Int) throws -> Value
    let include: @Sendable (inout Value, String, IncludedValue) -> Void
}

@MainActor
final class TypedTable<Value: Identifiable & Sendable>: Table where Value.ID: Sendable {
    private(set) var rows: [Row<Value>?] = []
    private let kind: RowKind<Value>
    private(set) var decoded = 0

    init(_ kind: RowKind<Value>) {
        self.kind = kind
    }

    func set(_ slot: Int, _ row: RowBytes) throws {
        let value = try kind.decode(row, slot)
        decoded += 1
        put(slot, value)
    }

    func compose(_ slot: Int, from base: any Table, _ edges: [(name: String, value: IncludedValue)]) {
        guard let base = base as? TypedTable<Value>, let row = base.row(slot) else {
            // The row could not be read, and that was reported.
            return release(slot)
        }
        var value = row.value
        for edge in edges { kind.include(&value, edge.name, edge.value) }
        put(slot, value)
    }

    func put(_ slot: Int, _ value: Value) {
        while rows.count <= slot { rows.append(nil) }
        if let row = rows[slot], row.id == value.id {
            row.value = value
        } else {
            rows[slot] = Row(value)
        }
    }

    func row(_ slot: Int) -> Row<Value>? {
        slot < rows.count ? rows[slot] : nil
    }

    func release(_ slot: Int) {
        if slot < rows.count { rows[slot] = nil }
    }

    func included(_ slots: [Int], isMany: Bool) -> IncludedValue {
        IncludedValue(slots.compactMap { row($0)?.value }, isMany: isMany)
    }

    func object(_ slot: Int) -> JSONValue {
        (row(slot)?.value as? JSONEntity)?.json ?? .null
    }

    func emptyCopy() -> any Table {
        TypedTable(kind)
    }
}

extension RowKind where Value: Resource {
    static var resource: RowKind<Value> {
        RowKind(
            decode: { row, _ in
                switch row {
                case .packed(let bytes):
                    var reader = PackedReader(bytes)
                    let value = try Value(from: &reader)
                    guard !reader.isDamaged else {
                        throw LarderError.row(kind: "row.mismatch", message: "a packed row is not a \(Value.self): its layout is another; generate the Swift types anew")
                    }
                    return value
                case .json(let text): return try JSONRow.decode(Value.self, from: text)
                case .misfit(let why): throw LarderError.row(kind: "row.mismatch", message: why)
                }
            },
            include: { $0.include($1, $2) }
        )
    }
}
