/// Which rows of a resource type, in which order, and what part of them. Equal queries share one result in the cache.
///
/// ```swift
/// File.where(\.parentId == folder).order(by: \.name, .natural).limit(100).include(\.tags)
/// ```
public struct Query<Row: Resource>: Sendable, Hashable {
    var filter: JSONValue?
    var orderBy: [JSONValue] = []
    var window: [String: JSONValue] = [:]
    var includes: [String: JSONValue] = [:]
    var aggregates: [String: JSONValue] = [:]

    /// All rows, by id.
    public init() {}

    /// Only those for which this holds as well.
    public func filter(_ filter: Filter<Row.Fields>) -> Self {
        var query = self
        query.filter = self.filter.map { .object(["and": .array([$0, filter.json])]) } ?? filter.json
        return query
    }

    /// Ordered by this field, and where that is equal by the next one.
    public func order<Value>(
        by field: KeyPath<Row.Fields, Field<Value>>, _ collation: Collation = .byte, _ direction: Direction = .ascending, nils: Nils? = nil
    ) -> Self {
        var query = self
        query.orderBy.append(OrderKey.json(Row.Fields()[keyPath: field].path, collation, direction, nils))
        return query
    }

    /// At most so many rows.
    public func limit(_ count: Int) -> Self {
        setting("limit", .integer(Int64(count)))
    }

    /// Without so many rows at the front.
    public func offset(_ count: Int) -> Self {
        setting("offset", .integer(Int64(count)))
    }

    /// Each row comes with what the relation leads to.
    public func include<Target>(_ relation: KeyPath<Row.Fields, Relation<Target>>) -> Self {
        var query = self
        query.includes[Row.Fields()[keyPath: relation].name] = true
        return query
    }

    /// Each row comes with those of what the relation leads to that this asks for, which may include in turn.
    public func include<Target>(
        _ relation: KeyPath<Row.Fields, Relation<Target>>, _ refine: (Query<Target>) -> Query<Target>
    ) -> Self {
        var query = self
        let part = refine(Query<Target>()).parts
        query.includes[Row.Fields()[keyPath: relation].name] = part.isEmpty ? true : .object(part)
        return query
    }

    /// Counts all matches, whatever the window, under this name: `results.aggregates["n"]`.
    public func count(as name: String) -> Self {
        aggregating(name, "count")
    }

    /// Works something out over a field of all matches, whatever the window, under this name: `results.aggregates["bytes"]`.
    public func aggregate<Value>(_ kind: Aggregate, _ field: KeyPath<Row.Fields, Field<Value>>, as name: String) -> Self {
        aggregating(name, .object([kind.rawValue: .string(Row.Fields()[keyPath: field].path)]))
    }

    private func aggregating(_ name: String, _ value: JSONValue) -> Self {
        var query = self
        query.aggregates[name] = value
        return query
    }

    private func setting(_ key: String, _ value: JSONValue) -> Self {
        var query = self
        query.window[key] = value
        return query
    }

    private var parts: [String: JSONValue] {
        var parts = window
        parts["where"] = filter
        if !orderBy.isEmpty { parts["orderBy"] = .array(orderBy) }
        if !includes.isEmpty { parts["include"] = .object(includes) }
        if !aggregates.isEmpty { parts["aggregate"] = .object(aggregates) }
        return parts
    }

    /// As every language writes it.
    public var json: JSONValue {
        var parts = parts
        parts["from"] = .string(Row.resourceName)
        return .object(parts)
    }
}

/// What can be worked out over a field of all matches. Rows without a value in it do not count.
public enum Aggregate: String, Sendable {
    case sum, avg, min, max
    /// How many different values there are.
    case distinct
}

extension Resource {
    /// The rows for which this holds.
    public static func `where`(_ filter: Filter<Fields>) -> Query<Self> {
        Query<Self>().filter(filter)
    }

    /// All rows.
    public static var all: Query<Self> { Query<Self>() }
}
