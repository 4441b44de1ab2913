/// What a relation leads to, on its way into a row.
public struct IncludedValue {
    private let values: Any
    /// It leads to any number of resources, and not to one or none.
    let isMany: Bool

    init<Value>(_ values: [Value], isMany: Bool) {
        self.values = values
        self.isMany = isMany
    }

    /// The rows of a relation to many; none if they are of another type.
    public func many<Value>(_ type: Value.Type = Value.self) -> [Value] {
        values as? [Value] ?? []
    }

    /// The row of a relation to one, if there is one.
    public func one<Value>(_ type: Value.Type = Value.self) -> Value? {
        many(type).first
    }
}
