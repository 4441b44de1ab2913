#if canImport(SwiftUI)
import SwiftUI

/// A question of a view to the backend, whose answer is kept up to date while the view is there.
///
/// ```swift
/// struct Search: View {
///     @RemoteQuery<File> private var found: RemoteResults<File>
///
///     init(_ text: String) {
///         _found = RemoteQuery(File.all.answered(by: "files.search", ["text": text]))
///     }
///
///     var body: some View {
///         List(found.items) { file in Text(file.name) }
///         if found.isFetching { ProgressView() }
///     }
/// }
/// ```
@MainActor @propertyWrapper
public struct RemoteQuery<Row: Resource>: DynamicProperty {
    private let request: RemoteRequest<Row>
    @Environment(\.larder) private var client
    @State private var seat = RemoteSeat<Row>()

    public init(_ request: RemoteRequest<Row>) {
        self.request = request
    }

    /// The answer: `items`, `status`, `isFetching`, `hasNextPage`, `error`.
    public var wrappedValue: RemoteResults<Row> {
        seat.results(of: request, in: client)
    }
}

/// What a view keeps from one rendering to the next: the results, for as long as request and client are the same.
@MainActor
final class RemoteSeat<Row: Resource> {
    private var taken: (request: RemoteRequest<Row>, client: LarderClient?, results: RemoteResults<Row>)?

    nonisolated init() {}

    func results(of request: RemoteRequest<Row>, in client: LarderClient?) -> RemoteResults<Row> {
        if let taken, taken.request == request, taken.client === client { return taken.results }
        let results = client.map { $0.remote(request) } ?? RemoteResults(failed: .missingClient)
        taken = (request, client, results)
        return results
    }
}
#endif
