/// What turns one list of rows into another, at the least cost that is easily found: the splices of a patch may speak of rows that
/// came and went within the step, and that nobody has.
enum Edit: Equatable {
    /// One row goes to another place.
    case move(from: Int, to: Int)
    /// These places are taken by the rows at these slots.
    case replace(Range<Int>, [Int])
    /// There are rows that could not be read, so places in the list are not places in what is shown.
    case unclear([Int])

    init(from old: ContiguousArray<Cells.Cell>, to new: ContiguousArray<Cells.Cell>) {
        guard old.allSatisfy({ $0.row != nil }), new.allSatisfy({ $0.row != nil }) else {
            self = .unclear(new.map(\.slot))
            return
        }
        let shorter = min(old.count, new.count)
        var first = 0
        while first < shorter && old[first].row == new[first].row { first += 1 }
        var kept = 0
        while kept < shorter - first && old[old.count - 1 - kept].row == new[new.count - 1 - kept].row { kept += 1 }
        let (oldEnd, newEnd) = (old.count - kept, new.count - kept)
        func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
            zip(left, right).allSatisfy { old[$0].row == new[$1].row }
        }
        if oldEnd == newEnd && oldEnd - first > 1 {
            let last = oldEnd - 1
            if old[first].row == new[last].row && isSame(first + 1..<oldEnd, first..<last) {
                self = .move(from: first, to: last)
                return
            }
            if old[last].row == new[first].row && isSame(first..<last, first + 1..<newEnd) {
                self = .move(from: last, to: first)
                return
            }
        }
        self = .replace(first..<oldEnd, new[first..<newEnd].map(\.slot))
    }
}
