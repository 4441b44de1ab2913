/// One group of rows: the value that they share, and what was worked out over them.
///
/// ```swift
/// Text("\(kind.key.rawValue): \(kind.figures.files), \(kind.bytes) bytes")
/// ```
@dynamicMemberLookup
public struct Group<Key: Hashable & Sendable, Figures: Hashable & Sendable>: Identifiable, Hashable, Sendable {
    /// What the rows of the group have in the field that they are grouped by.
    public let key: Key
    /// What was worked out, by the names that the query gives it.
    public let figures: Figures

    public var id: Key { key }

    /// One of the figures.
    public subscript<Figure>(dynamicMember figure: KeyPath<Figures, Figure>) -> Figure { figures[keyPath: figure] }
}

/// Two values that rows are grouped by together.
public struct Pair<First: Hashable & Sendable, Second: Hashable & Sendable>: Hashable, Sendable {
    public let first: First
    public let second: Second
}
