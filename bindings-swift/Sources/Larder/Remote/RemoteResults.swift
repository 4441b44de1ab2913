import LarderCore
import Observation

/// What the backend answered, kept up to date for as long as this is there: `items` are live rows, as those of any query, in the
/// backend's order. How the answer stands is observed apart from them.
@MainActor
public final class RemoteResults<Value: Identifiable & Sendable>: LiveResults<Value> where Value.ID: Sendable {
    public enum Status: String, Sendable {
        /// There is no answer yet.
        case pending
        /// There is one.
        case ready
        /// The last question failed; there may be an answer of before.
        case failed
    }

    private let watched = Watchable()
    private var standing: RemoteStanding?

    init(_ client: LarderClient, query: JSONValue) {
        super.init(client, query: query, isRemote: true)
    }

    override init(failed error: LarderError) {
        super.init(failed: error)
    }

    private var read: RemoteStanding? {
        watched.isRead()
        return standing
    }

    /// Whether there is an answer.
    public var status: Status { read.flatMap { Status(rawValue: $0.status) } ?? (super.error == nil ? .pending : .failed) }

    /// The backend is being asked, or will be once it can be reached.
    public var isFetching: Bool { read?.isFetching ?? false }

    /// The answer has expired, or was invalidated.
    public var isStale: Bool { read?.isStale ?? false }

    /// The backend has more than what it was asked for so far.
    public var hasNextPage: Bool { read?.hasNextPage ?? false }

    /// How many rows the whole answer has, if the backend says so.
    public var backendTotal: Int? { read?.backendTotal.map { Int(clamping: $0) } }

    /// Why the query cannot be asked, or why the last question failed.
    public override var error: LarderError? { super.error ?? read?.error.map(LarderError.init) }

    /// Asks the backend again, for all pages that are shown.
    public func refetch() throws(LarderError) {
        guard let mount, let client else { return }
        try client.call { try $0.refetch(query: mount.number) }
    }

    /// Asks the backend for what comes next, which is put behind what is there.
    public func fetchNextPage() throws(LarderError) {
        guard let mount, let client else { return }
        try client.call { try $0.fetchNextPage(query: mount.number) }
    }

    override func stand(_ standing: RemoteStanding) {
        watched.change { self.standing = standing }
    }
}

extension LarderClient {
    /// What the backend answers to this, kept up to date for as long as what is returned is there.
    public func remote<Row: Resource>(_ request: RemoteRequest<Row>) -> RemoteResults<Row> {
        request.refusal.map { RemoteResults(failed: $0) } ?? RemoteResults(self, query: request.json)
    }

    /// As `remote`, of a request as data, for a client whose registry is data too.
    public func remote(json request: JSONValue) -> RemoteResults<JSONEntity> {
        RemoteResults(self, query: request)
    }

    /// Answers that this concerns are wrong: those that are shown are asked for again at once, others when they are wanted.
    ///
    /// ```swift
    /// try client.invalidate(.methods(["files.*"]))
    /// ```
    public func invalidate(_ what: Invalidation) throws(LarderError) {
        try call { try $0.invalidate(what: what.json.text) }
    }
}
