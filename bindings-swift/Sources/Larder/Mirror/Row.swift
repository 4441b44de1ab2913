import Observation

/// One row of the cache, as something to observe: who reads a field of it is told when this row changes, and not when others do.
///
/// ```swift
/// ForEach(files.items) { file in Text(file.name) }
/// ```
@MainActor @Observable @dynamicMemberLookup
public final class Row<Value: Identifiable & Sendable>: Identifiable where Value.ID: Sendable {
    /// The row's id, which never changes.
    public nonisolated let id: Value.ID
    /// The row as it is now.
    public internal(set) var value: Value {
        didSet { revision += 1 }
    }
    /// How often it has changed.
    @ObservationIgnored private(set) var revision = 0

    init(_ value: Value) {
        id = value.id
        self.value = value
    }

    /// A field of the row.
    public subscript<Field>(dynamicMember field: KeyPath<Value, Field>) -> Field {
        value[keyPath: field]
    }
}
