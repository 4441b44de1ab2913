/// The rows of one result in order, by slot. Rows that could not be read have a place here but are not shown.
@MainActor
struct Cells<Value: Identifiable & Sendable> where Value.ID: Sendable {
    private struct Cell {
        let row: Row<Value>?
        let revision: Int

        @MainActor
        init(_ row: Row<Value>?) {
            self.row = row
            revision = row?.revision ?? 0
        }

        static func isSameRow(_ left: Cell, _ right: Cell) -> Bool { left.row === right.row }
        static func isSame(_ left: Cell, _ right: Cell) -> Bool { left.row === right.row && left.revision == right.revision }
    }

    enum Difference {
        /// Nothing is another.
        case none
        /// The same rows in the same order, but one of them changed.
        case inRows
        /// Other rows, or the same in another order.
        case inList
    }

    private var cells: [Cell] = []

    /// What is shown.
    var shown: [Row<Value>] { cells.compactMap(\.row) }

    /// Takes the splices in.
    mutating func splice(_ change: ResultChange, in table: TypedTable<Value>) throws(LarderError) -> Difference {
        var difference = Difference.none
        let isInPlace = !change.isReset && change.splices.allSatisfy { $0.remove == $0.insert.count }
        let before = isInPlace && change.splices.count <= 1 ? [] : cells
        if change.isReset { cells = [] }
        for splice in change.splices {
            let range = splice.position..<splice.position + splice.remove
            guard range.upperBound <= cells.count else { throw .corrupt("a splice lies beyond the end of its list") }
            guard splice.remove == splice.insert.count else {
                cells.replaceSubrange(range, with: splice.insert.map { Cell(table.row($0)) })
                continue
            }
            for (place, slot) in zip(range, splice.insert) {
                let cell = Cell(table.row(slot))
                if !Cell.isSameRow(cell, cells[place]) {
                    difference = .inList
                } else if !Cell.isSame(cell, cells[place]), difference == .none {
                    difference = .inRows
                }
                cells[place] = cell
            }
        }
        guard cells.count == change.length else {
            throw .corrupt("a result has \(cells.count) rows after it instead of \(change.length)")
        }
        if isInPlace && change.splices.count <= 1 { return difference }
        // Several splices may cancel out, as when a row in front of the window moves and stays in front of it.
        if cells.elementsEqual(before, by: Cell.isSame) { return .none }
        return cells.elementsEqual(before, by: Cell.isSameRow) ? .inRows : .inList
    }
}
