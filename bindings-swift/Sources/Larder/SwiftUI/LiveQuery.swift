#if canImport(SwiftUI)
import SwiftUI

/// A query of a view, kept up to date while the view is there. It is asked of the client in the environment.
///
/// ```swift
/// struct Folder: View {
///     @LiveQuery(File.where(\.favorite == true).order(by: \.name, .natural).limit(100)) var files
///
///     var body: some View {
///         List(files.items) { file in Text(file.name) }
///     }
/// }
/// ```
///
/// A query that depends on the view's own values is given in its `init`: `_files = LiveQuery(File.where(\.parentId == folder))`.
/// When it becomes another one, so do the results.
@MainActor @propertyWrapper
public struct LiveQuery<Row: Resource>: DynamicProperty {
    private let query: Query<Row>
    @Environment(\.larder) private var client
    @State private var seat = Seat<Row>()

    public init(_ query: Query<Row>) {
        self.query = query
    }

    /// The results: `items`, `total`, `phase`, `error`.
    public var wrappedValue: LiveResults<Row> {
        seat.results(of: query, in: client)
    }
}

/// What a view keeps from one rendering to the next: the results, for as long as query and client are the same.
@MainActor
final class Seat<Row: Resource> {
    private var taken: (query: Query<Row>, client: LarderClient?, results: LiveResults<Row>)?

    nonisolated init() {}

    func results(of query: Query<Row>, in client: LarderClient?) -> LiveResults<Row> {
        if let taken, taken.query == query, taken.client === client { return taken.results }
        let results = client.map { $0.live(query) } ?? LiveResults(failed: .missingClient)
        taken = (query, client, results)
        return results
    }
}

extension LarderError {
    static var missingClient: LarderError {
        .client(kind: "client.missing", message: "there is no client in the environment; give one with `.larder(client)`")
    }
}
#endif
