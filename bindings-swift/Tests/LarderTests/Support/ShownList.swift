@testable import Larder

/// A list of a mirror that is driven by hand.
@MainActor
final class ShownList: MirroredList {
    private(set) var total = 0
    private var cells = Cells()
    private var rows: [Row<JSONEntity>] = []

    func change(_ change: ResultChange, in table: any Table) throws(LarderError) -> Bool {
        guard let table = table as? TypedTable<JSONEntity> else { throw .corrupt("not a table of JSON") }
        let difference = try cells.splice(change) { table.cell($0) }
        rows = cells.cells.compactMap { table.row($0.slot) }
        defer { total = change.total }
        return difference != .none || total != change.total
    }

    func deliver() {}
    func end() {}

    /// The result of this moment.
    var result: Shown { Shown(total: total, rows: rows.map { ShownRow(row: $0, revision: $0.revision, json: $0.value.json) }) }
}

/// A result at one moment.
@MainActor
struct Shown {
    var total = 0
    var rows: [ShownRow] = []

    /// The same rows, unchanged, in the same order.
    func isSame(_ other: Shown) -> Bool {
        total == other.total && rows.elementsEqual(other.rows) { $0.isSame($1) }
    }
}

/// A row at one moment.
@MainActor
struct ShownRow {
    let row: Row<JSONEntity>
    let revision: Int
    let json: JSONValue

    func isSame(_ other: ShownRow) -> Bool {
        row === other.row && revision == other.revision
    }
}
