@testable import Larder
import LarderCore

/// A list of a mirror that is driven by hand.
@MainActor
final class ShownList: MirroredList {
    private(set) var total = 0
    private var isPartial = false
    private(set) var standing: RemoteStanding?
    private var aggregates: JSONValue?
    private var cells = Cells()
    private var rows: [Row<JSONEntity>] = []

    func change(_ change: ResultChange, in table: any Table, aggregates: JSONValue?) throws(LarderError) -> Bool {
        guard let table = table as? TypedTable<JSONEntity> else { throw .corrupt("not a table of JSON") }
        let difference = try cells.splice(change) { table.cell($0) }
        rows = cells.cells.compactMap { table.row($0.slot) }
        let other = aggregates ?? self.aggregates
        defer { (total, isPartial, self.aggregates) = (change.total, change.isPartial, other) }
        return difference != .none || total != change.total || isPartial != change.isPartial || other != self.aggregates
    }

    func stand(_ standing: RemoteStanding) { self.standing = standing }
    func deliver() {}
    func end() {}

    /// The result of this moment.
    var result: Shown { Shown(total: total, isPartial: isPartial, aggregates: aggregates, rows: rows.map { ShownRow(row: $0, revision: $0.revision, json: $0.value.json) }) }
}

/// A result at one moment.
@MainActor
struct Shown {
    var total = 0
    var isPartial = false
    var aggregates: JSONValue?
    var rows: [ShownRow] = []

    /// The same rows, unchanged, in the same order, and no more or less complete.
    func isSame(_ other: Shown) -> Bool {
        isPartial == other.isPartial && showsTheSame(other)
    }

    func showsTheSame(_ other: Shown) -> Bool {
        total == other.total && aggregates == other.aggregates && rows.elementsEqual(other.rows) { $0.isSame($1) }
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
