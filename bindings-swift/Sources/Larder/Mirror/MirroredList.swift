import LarderCore

/// What a patch says about one query's result.
struct ResultChange {
    struct Splice {
        let position: Int
        let remove: Int
        let insert: [Int]
    }

    /// The whole result is given; what was there before does not count.
    let isReset: Bool
    /// Not all rows that there are may be in the cache.
    let isPartial: Bool
    /// Where the row is that has what the query aggregates.
    let aggregates: (type: UInt32, slot: Int)?
    let total: Int
    let length: Int
    let splices: [Splice]

    init(_ patch: inout PatchReader) throws(LarderError) {
        let flags = try patch.word()
        (isReset, isPartial) = (flags & 1 != 0, flags & 2 != 0)
        (total, length) = (try patch.number(), try patch.number())
        var splices: [Splice] = []
        let count = try patch.number()
        aggregates = flags & 4 != 0 ? (try patch.word(), try patch.number()) : nil
        for _ in 0..<count {
            let (position, remove, count) = (try patch.number(), try patch.number(), try patch.number())
            var insert: [Int] = []
            for _ in 0..<count { insert.append(try patch.number()) }
            splices.append(Splice(position: position, remove: remove, insert: insert))
        }
        self.splices = splices
    }
}

/// The result of one mounted query.
@MainActor
protocol MirroredList: AnyObject {
    /// Takes a change in; tells whether the result is another now, or has another row in it.
    func change(_ change: ResultChange, in table: any Table, aggregates: JSONValue?) throws(LarderError) -> Bool
    /// The backend's answer, which the list is, stands otherwise than before.
    func stand(_ standing: RemoteStanding)
    /// Tells those who follow the results; after all lists of a step fit together.
    func deliver()
    /// There will be no more.
    func end()
}
