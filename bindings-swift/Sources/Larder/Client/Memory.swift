/// How much a client keeps; what is not given has no limit.
///
/// Rows that something refers to stay: those that match a live result, are shown inside of others, are pinned, or have pending edits. Of
/// the others, those that were not used for longest go: to the file, if there is one, from where they come back when a result needs them.
public struct Memory: Sendable, Hashable {
    /// Bytes of rows in memory.
    public var bytes: Int?
    /// Entities in memory.
    public var entities: Int?
    /// Bytes of rows in the file. Beyond it, those that are not in memory and were written longest ago go from there, too.
    public var diskBytes: Int?

    public init(bytes: Int? = nil, entities: Int? = nil, diskBytes: Int? = nil) {
        (self.bytes, self.entities, self.diskBytes) = (bytes, entities, diskBytes)
    }

    var json: JSONValue {
        let limits = ["bytes": bytes, "entities": entities, "diskBytes": diskBytes]
        return .object(limits.compactMapValues { $0.map { .integer(Int64($0)) } })
    }
}

extension LarderClient {
    /// Keeps an entity in memory whatever the budget says, until `unpin`. It need not be here yet; one that is in the file only is read back.
    public func pin<Row: Resource>(_ type: Row.Type, id: Row.ID) throws(LarderError) {
        try call { try $0.pin(resourceType: Row.resourceName, id: Row.text(of: id), pinned: true) }
    }

    /// The budget concerns an entity again.
    public func unpin<Row: Resource>(_ type: Row.Type, id: Row.ID) throws(LarderError) {
        try call { try $0.pin(resourceType: Row.resourceName, id: Row.text(of: id), pinned: false) }
    }
}
