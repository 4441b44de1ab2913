/// Which rows one result shows, in order. It knows them by what they are and not by what is in them, so that a change costs no more
/// than moving a few words.
struct Cells {
    struct Cell: Equatable {
        let slot: Int
        /// Which row; nothing for one that could not be read, which has a place here but is not shown.
        let row: ObjectIdentifier?
        /// How often it had changed by then.
        let revision: Int
    }

    enum Difference {
        /// Nothing is another.
        case none
        /// The same rows in the same order, but one of them changed.
        case inRows
        /// Other rows, or the same in another order.
        case inList
    }

    private(set) var cells: ContiguousArray<Cell> = []

    /// Takes the splices in; `cell` says what is at a slot now.
    @MainActor
    mutating func splice(_ change: ResultChange, _ cell: (Int) -> Cell) throws(LarderError) -> Difference {
        let before = cells
        if change.isReset { cells = [] }
        for splice in change.splices {
            let range = splice.position..<splice.position + splice.remove
            guard range.upperBound <= cells.count else { throw .corrupt("a splice lies beyond the end of its list") }
            if splice.remove == splice.insert.count {
                for (place, slot) in zip(range, splice.insert) { cells[place] = cell(slot) }
            } else {
                cells.replaceSubrange(range, with: splice.insert.map(cell))
            }
        }
        guard cells.count == change.length else {
            throw .corrupt("a result has \(cells.count) rows after it instead of \(change.length)")
        }
        // Splices may cancel out, as when a row in front of the window moves and stays in front of it.
        if cells == before { return .none }
        return cells.elementsEqual(before) { $0.row == $1.row } ? .inRows : .inList
    }
}

extension TypedTable {
    func cell(_ slot: Int) -> Cells.Cell {
        guard let row = row(slot) else { return Cells.Cell(slot: slot, row: nil, revision: 0) }
        return Cells.Cell(slot: slot, row: ObjectIdentifier(row), revision: row.revision)
    }
}
