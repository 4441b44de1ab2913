/// Groups of rows, with what is worked out over each. The names and types of the figures are those of `Figures`, a struct of the app:
///
/// ```swift
/// struct Totals: Decodable, Hashable, Sendable {
///     let files: Int
///     let bytes: Int64
/// }
/// File.where(\.isDir == false).groupBy(\.kind).count(as: "files").aggregate(.sum, \.size, as: "bytes").figures(Totals.self)
/// ```
public struct GroupedQuery<Row: Resource, Key: Hashable & Sendable, Figures: Decodable & Hashable & Sendable>: Sendable, Hashable {
    var query: Query<Row>
    let paths: [String]
    let readKey: @Sendable ([JSONValue]) throws -> Key

    public static func == (left: Self, right: Self) -> Bool { left.json == right.json }

    public func hash(into hasher: inout Hasher) {
        json.hash(into: &hasher)
    }

    /// As every language writes it.
    public var json: JSONValue {
        guard case .object(var members) = query.json else { return query.json }
        members["groupBy"] = .array(paths.map(JSONValue.string))
        return .object(members)
    }

    /// Counts the rows of each group, under this name.
    public func count(as name: String) -> Self {
        with(query.count(as: name))
    }

    /// Works something out over a field of the rows of each group, under this name.
    public func aggregate<Value>(_ kind: Aggregate, _ field: KeyPath<Row.Fields, Field<Value>>, as name: String) -> Self {
        with(query.aggregate(kind, field, as: name))
    }

    /// Reads what was worked out as this.
    public func figures<Other: Decodable & Hashable & Sendable>(_ type: Other.Type) -> GroupedQuery<Row, Key, Other> {
        GroupedQuery<Row, Key, Other>(query: query, paths: paths, readKey: readKey)
    }

    /// Ordered by a figure, and where that is equal by the next one, and by the groups' keys.
    public func order(by figure: String, _ direction: Direction = .ascending) -> Self {
        var grouped = self
        grouped.query.orderBy.append(OrderKey.json(figure, .byte, direction, nil))
        return grouped
    }

    /// At most so many groups.
    public func limit(_ count: Int) -> Self {
        with(query.limit(count))
    }

    /// Without so many groups at the front.
    public func offset(_ count: Int) -> Self {
        with(query.offset(count))
    }

    private func with(_ query: Query<Row>) -> Self {
        var grouped = self
        grouped.query = query
        return grouped
    }
}

extension Query {
    /// Groups of the rows that have the same value in this field; rows without one are a group of their own.
    public func groupBy<Value: Decodable & Hashable & Sendable>(
        _ field: KeyPath<Row.Fields, Field<Value>>
    ) -> GroupedQuery<Row, Value, JSONValue> {
        GroupedQuery(query: self, paths: [Row.Fields()[keyPath: field].path]) { try JSONRow.decode(Value.self, from: $0[0]) }
    }

    /// Groups of the rows that have the same values in both fields.
    public func groupBy<First: Decodable & Hashable & Sendable, Second: Decodable & Hashable & Sendable>(
        _ first: KeyPath<Row.Fields, Field<First>>, _ second: KeyPath<Row.Fields, Field<Second>>
    ) -> GroupedQuery<Row, Pair<First, Second>, JSONValue> {
        let fields = Row.Fields()
        return GroupedQuery(query: self, paths: [fields[keyPath: first].path, fields[keyPath: second].path]) {
            Pair(first: try JSONRow.decode(First.self, from: $0[0]), second: try JSONRow.decode(Second.self, from: $0[1]))
        }
    }
}

extension LarderClient {
    /// Groups, kept up to date for as long as what is returned is there.
    public func live<Row: Resource, Key, Figures>(_ query: GroupedQuery<Row, Key, Figures>) -> LiveResults<Group<Key, Figures>> {
        LiveResults(self, query: query.json, reading: GroupReading(paths: query.paths, readKey: query.readKey))
    }
}
