#if canImport(SwiftUI)
import SwiftUI

/// Groups of a view, kept up to date while the view is there.
///
/// ```swift
/// struct Kinds: View {
///     @LiveGroups(File.all.groupBy(\.kind).count(as: "files").figures(Totals.self)) var kinds
///
///     var body: some View {
///         List(kinds.items) { kind in Text("\(kind.files)") }
///     }
/// }
/// ```
@MainActor @propertyWrapper
public struct LiveGroups<Row: Resource, Key: Hashable & Sendable, Figures: Decodable & Hashable & Sendable>: DynamicProperty {
    private let query: GroupedQuery<Row, Key, Figures>
    @Environment(\.larder) private var client
    @State private var seat = GroupSeat<Row, Key, Figures>()

    public init(_ query: GroupedQuery<Row, Key, Figures>) {
        self.query = query
    }

    /// The groups: `items`, `total`, `phase`, `error`.
    public var wrappedValue: LiveResults<Group<Key, Figures>> {
        seat.results(of: query, in: client)
    }
}

/// What a view keeps from one rendering to the next.
@MainActor
final class GroupSeat<Row: Resource, Key: Hashable & Sendable, Figures: Decodable & Hashable & Sendable> {
    private var taken: (query: GroupedQuery<Row, Key, Figures>, client: LarderClient?, results: LiveResults<Group<Key, Figures>>)?

    nonisolated init() {}

    func results(of query: GroupedQuery<Row, Key, Figures>, in client: LarderClient?) -> LiveResults<Group<Key, Figures>> {
        if let taken, taken.query == query, taken.client === client { return taken.results }
        let results = client.map { $0.live(query) } ?? LiveResults(failed: .missingClient)
        taken = (query, client, results)
        return results
    }
}
#endif
