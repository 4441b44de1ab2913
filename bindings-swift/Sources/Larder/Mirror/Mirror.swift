import Foundation
import LarderCore

/// The rows and lists that an app observes, kept up to date by patches. It knows rows by type and slot and queries by number,
/// and decides nothing.
@MainActor
final class Mirror {
    private struct Shape {
        let base: UInt32
        let edges: [(name: String, isMany: Bool, child: UInt32)]
    }

    private final class Seat {
        weak var list: (any MirroredList)?
        init(_ list: any MirroredList) { self.list = list }
    }

    private let makeTable: (Int) -> any Table
    private var tables: [any Table] = []
    private var shapeTables: [UInt32: any Table] = [:]
    private var shapes: [UInt32: Shape] = [:]
    private var seats: [UInt32: Seat] = [:]
    /// Lists that wait for the core to say that they are mounted.
    private var coming: [UInt32: Seat] = [:]

    /// `makeTable` makes the table of the type with that number.
    init(makeTable: @escaping (Int) -> any Table) {
        self.makeTable = makeTable
    }

    /// The core has mounted this list under that number; what it says of the number before `mounted` is about another.
    func expect(_ list: any MirroredList, as query: UInt32) {
        coming[query] = Seat(list)
    }

    func mounted(_ query: UInt32) {
        seats[query] = coming.removeValue(forKey: query)
    }

    func unmounted(_ query: UInt32) {
        seats[query] = nil
    }

    /// A remote query stands otherwise than before; gives its list.
    func stand(_ standing: RemoteStanding) -> (any MirroredList)? {
        let list = seats[standing.query]?.list
        list?.stand(standing)
        return list
    }

    /// There will be no more patches.
    func end() {
        seats.values.forEach { $0.list?.end() }
    }

    /// Takes a patch in. Rows that cannot be read are left out and reported; `changed` is told each list whose result is another.
    func apply(
        _ bytes: UnsafeRawBufferPointer, report: (LarderError) -> Void, changed: (any MirroredList) -> Void
    ) throws(LarderError) {
        var patch = try PatchReader(bytes)
        try setRows(&patch, report)
        try defineShapes(&patch)
        try setNodes(&patch)
        var released = patch.copy
        patch.skip(2 * patch.releasedCount)
        for _ in 0..<patch.queryCount {
            let (query, type) = (try patch.word(), try patch.word())
            let result = try ResultChange(&patch)
            guard let list = seats[query]?.list else { continue }
            let aggregates = result.aggregates.map { table($0.type).object($0.slot) }
            if try list.change(result, in: table(type), aggregates: aggregates) { changed(list) }
        }
        for _ in 0..<released.releasedCount {
            let type = try released.word()
            table(type).release(try released.number())
        }
    }

    private func setRows(_ patch: inout PatchReader, _ report: (LarderError) -> Void) throws(LarderError) {
        var payload = try RowPayload(patch)
        for _ in 0..<patch.rowCount {
            let (table, slot) = (table(try patch.word()), try patch.number())
            let row = try payload.next()
            do {
                try table.set(slot, row)
            } catch {
                table.release(slot)
                report(error as? LarderError ?? .row(kind: "row.mismatch", message: "\(error)"))
            }
        }
    }

    private func defineShapes(_ patch: inout PatchReader) throws(LarderError) {
        for _ in 0..<patch.shapeCount {
            let (type, base) = (try patch.word(), try patch.word())
            var edges: [(name: String, isMany: Bool, child: UInt32)] = []
            for _ in 0..<(try patch.number()) {
                let name = try patch.name(at: try patch.number(), length: try patch.number())
                edges.append((name, try patch.word() == 1, try patch.word()))
            }
            shapes[type] = Shape(base: base, edges: edges)
            shapeTables[type] = table(base).emptyCopy()
        }
    }

    /// Children come before their parents.
    private func setNodes(_ patch: inout PatchReader) throws(LarderError) {
        for _ in 0..<patch.nodeCount {
            let (type, slot) = (try patch.word(), try patch.number())
            guard let shape = shapes[type] else { throw .corrupt("it has an object of a shape that was never defined") }
            var edges: [(name: String, value: IncludedValue)] = []
            edges.reserveCapacity(shape.edges.count)
            for edge in shape.edges {
                var slots: [Int] = []
                for _ in 0..<(try patch.number()) { slots.append(try patch.number()) }
                edges.append((edge.name, table(edge.child).included(slots, isMany: edge.isMany)))
            }
            table(type).compose(slot, from: table(shape.base), edges)
        }
    }

    private func table(_ type: UInt32) -> any Table {
        if type & PatchReader.shapeBit != 0 {
            // A shape is defined before its first use; one that is not has no rows.
            return shapeTables[type] ?? makeTable(Int.max)
        }
        while tables.count <= Int(type) { tables.append(makeTable(tables.count)) }
        return tables[Int(type)]
    }

    /// How many rows were read so far, for tests that count work.
    var decoded: Int { tables.reduce(0) { $0 + $1.decoded } }
}
