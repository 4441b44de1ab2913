/// What a patch says about one query's result.
struct ResultChange {
    struct Splice {
        let position: Int
        let remove: Int
        let insert: [Int]
    }

    /// The whole result is given; what was there before does not count.
    let isReset: Bool
    let total: Int
    let length: Int
    let splices: [Splice]

    init(_ patch: inout PatchReader) throws(LarderError) {
        isReset = try patch.word() & 1 != 0
        (total, length) = (try patch.number(), try patch.number())
        var splices: [Splice] = []
        for _ in 0..<(try patch.number()) {
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
    func change(_ change: ResultChange, in table: any Table) throws(LarderError) -> Bool
    /// Tells those who follow the results; after all lists of a step fit together.
    func deliver()
    /// There will be no more.
    func end()
}
