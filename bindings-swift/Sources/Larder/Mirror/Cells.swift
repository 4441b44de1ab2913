/// The rows of one result in order, by slot. Rows that could not be read have a place here but are not shown.
@MainActor
struct Cells<Value: Identifiable & Sendable> where Value.ID: Sendable {
    private var slots: [Int] = []
    private var rows: [Row<Value>?] = []

    /// What is shown.
    var shown: [Row<Value>] { rows.compactMap { $0 } }
    var count: Int { rows.count }

    /// Takes the splices in; tells whether other rows, or the same in another order, are here now.
    mutating func splice(_ change: ResultChange, in table: TypedTable<Value>) throws(LarderError) -> Bool {
        var isOther = false
        let before = change.isReset ? rows : []
        if change.isReset { (slots, rows) = ([], []) }
        for splice in change.splices {
            let range = splice.position..<splice.position + splice.remove
            guard range.upperBound <= rows.count else { throw .corrupt("a splice lies beyond the end of its list") }
            if splice.insert.count == splice.remove {
                for (place, slot) in zip(range, splice.insert) {
                    let row = table.row(slot)
                    guard slots[place] != slot || rows[place] !== row else { continue }
                    (slots[place], rows[place]) = (slot, row)
                    isOther = true
                }
            } else {
                slots.replaceSubrange(range, with: splice.insert)
                rows.replaceSubrange(range, with: splice.insert.map { table.row($0) })
                isOther = true
            }
        }
        guard rows.count == change.length else {
            throw .corrupt("a result has \(rows.count) rows after it instead of \(change.length)")
        }
        return change.isReset ? !rows.elementsEqual(before, by: ===) : isOther
    }
}
