import LarderCore

/// A query's place in the core, given up when nobody has this any more.
final class Mount: Sendable {
    let number: UInt32
    private let core: SwiftClient

    init(_ core: SwiftClient, _ number: UInt32) {
        self.core = core
        self.number = number
    }

    deinit {
        core.unmount(query: number)
    }
}

extension LarderClient {
    /// Keeps the result of this query in that list up to date. It has its first result when this returns.
    func mount(_ list: any MirroredList, _ query: String, isRemote: Bool = false) throws(LarderError) -> UInt32 {
        try call { core in
            let number = try isRemote ? core.mountRemote(query: query) : core.mount(query: query)
            mirror.expect(list, as: number)
            return number
        }
    }

    /// The result of a query, kept up to date for as long as what is returned is there.
    public func live<Row: Resource>(_ query: Query<Row>) -> LiveResults<Row> {
        LiveResults(self, query: query.json)
    }

    /// The result of a query as data, for a client whose registry is data too.
    public func live(json query: JSONValue) -> LiveResults<JSONEntity> {
        LiveResults(self, query: query)
    }

    /// One entity, kept up to date.
    public func entity<Row: Resource>(_ type: Row.Type, _ id: Row.ID) -> Entity<Row> {
        let query: JSONValue = [
            "from": .string(Row.resourceName), "where": .object([Row.resourceType.idField: id.json]), "limit": 1,
        ]
        return Entity(LiveResults(self, query: query))
    }
}
