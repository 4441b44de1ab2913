/// One row of the cache, as something to observe: who reads a field of it is told when this row changes, and not when others do.
///
/// ```swift
/// ForEach(files.items) { file in Text(file.name) }
/// ```
@dynamicMemberLookup
public final class Row<Value: Identifiable & Sendable>: Watchable, Identifiable where Value.ID: Sendable {
    /// The row's id, which never changes.
    public nonisolated let id: Value.ID
    private var stored: Value
    /// How often it has changed.
    private(set) var revision = 0

    init(_ value: Value) {
        id = value.id
        stored = value
    }

    /// The row as it is now.
    public internal(set) var value: Value {
        get {
            isRead()
            return stored
        }
        set {
            change {
                stored = newValue
                revision += 1
            }
        }
    }

    /// A field of the row.
    public subscript<Field>(dynamicMember field: KeyPath<Value, Field>) -> Field {
        isRead()
        return stored[keyPath: field]
    }
}
