@testable import Larder
import Testing

/// How lists of rows are turned into one another.
struct EditTests {
    private final class Marker: Sendable {}
    private let markers = (0..<9).map { _ in Marker() }

    /// Cells of rows that are named by their slots; -1 is one that could not be read.
    private func cells(_ slots: [Int]) -> ContiguousArray<Cells.Cell> {
        ContiguousArray(slots.map { Cells.Cell(slot: $0, row: $0 < 0 ? nil : ObjectIdentifier(markers[$0]), revision: 0) })
    }

    @Test(arguments: [
        ([0, 1, 2, 3], [1, 2, 0, 3], Edit.move(from: 0, to: 2)),
        ([0, 1, 2, 3], [0, 3, 1, 2], Edit.move(from: 3, to: 1)),
        ([0, 1, 2], [1, 0, 2], Edit.move(from: 0, to: 1)),
        ([0, 1, 2], [0, 2], Edit.replace(1..<2, [])),
        ([0, 2], [0, 1, 2], Edit.replace(1..<1, [1])),
        ([0, 1, 2], [0, 4, 2], Edit.replace(1..<2, [4])),
        ([0, 1, 2, 3], [3, 2, 1, 0], Edit.replace(0..<4, [3, 2, 1, 0])),
        ([], [0, 1], Edit.replace(0..<0, [0, 1])),
        ([0, -1, 2], [2, 0], Edit.unclear([2, 0])),
        ([0, 1], [0, -1, 1], Edit.unclear([0, -1, 1])),
    ])
    func theLeastThatIsEasilyFound(old: [Int], new: [Int], edit: Edit) {
        #expect(Edit(from: cells(old), to: cells(new)) == edit)
    }

    @Test func anyListIsTurnedIntoAnyOther() {
        var random = Shuffled(state: 7)
        for _ in 0..<2000 {
            let (old, new) = (random.list(), random.list())
            var list = old
            switch Edit(from: cells(old), to: cells(new)) {
            case .move(let from, let to): list.insert(list.remove(at: from), at: to)
            case .replace(let range, let slots): list.replaceSubrange(range, with: slots)
            case .unclear: Issue.record("all rows are there")
            }
            #expect(list == new, "from \(old)")
        }
    }

    private struct Shuffled: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }

        mutating func list() -> [Int] {
            Array((0..<9).shuffled(using: &self).prefix(Int.random(in: 0...9, using: &self)))
        }
    }
}
