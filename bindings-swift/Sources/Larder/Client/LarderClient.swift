import Foundation
import LarderCore
import Observation

/// One cache, kept in step with one backend.
///
/// ```swift
/// let client = try LarderClient(Registry(File.self, Tag.self))
/// try client.connect("ws://127.0.0.1:4600/ws?token=…")
/// let files = client.live(File.where(\.parentId == folder).order(by: \.name, .natural).limit(100))
/// ```
///
/// After each call on the main actor, all that it changed has been taken in: `items` are what they are now. What the network
/// brings is taken in by the main actor in its turn.
@MainActor @Observable
public final class LarderClient {
    /// How the cache stands to its backend.
    public internal(set) var status = Status()

    @ObservationIgnored nonisolated let core: SwiftClient
    @ObservationIgnored nonisolated let inbox = Inbox()
    @ObservationIgnored let registry: Registry
    @ObservationIgnored let mirror: Mirror
    @ObservationIgnored var mutations: [String: Outcome<Void>] = [:]
    @ObservationIgnored var questions: [String: Outcome<String>] = [:]
    @ObservationIgnored let news = (events: Broadcast<JSONValue>(), errors: Broadcast<LarderError>())
    @ObservationIgnored private var spare = Inbox.Batch()
    @ObservationIgnored private var isTakingIn = false
    @ObservationIgnored var isClosed = false

    /// Makes a cache. With a file, what the last run of the app left comes back: the rows of its last screen first, and mutations that were
    /// not settled. Without one it is empty and in memory only, which is what tests and previews use.
    /// `memory` says how much is kept; without it, everything.
    public init(
        _ registry: Registry, subscribeTo types: [String]? = nil, memory: Memory? = nil, storage file: StorageFile? = nil
    ) throws(LarderError) {
        self.registry = registry
        mirror = Mirror(makeTable: registry.makeTable)
        var config: [String: JSONValue] = ["rowEncoding": "packed"]
        config["memory"] = memory?.json
        config["subscribeTo"] = types.map { .array($0.map(JSONValue.string)) }
        do {
            core = try SwiftClient.open(registry: registry.json.text, config: JSONValue.object(config).text, file: file?.core, sink: inbox)
        } catch {
            throw LarderError(any: error)
        }
        inbox.whenSomethingCame { [weak self] in
            Task { @MainActor [weak self] in self?.takeIn() }
        }
    }

    deinit {
        core.close()
    }

    /// Wants a connection to this address from now on: subscribes, catches up after gaps and breaks, sends mutations, comes back
    /// with growing pauses when the connection is lost.
    public func connect(_ url: String) throws(LarderError) {
        try call { try $0.connect(url: url) }
    }

    /// Wants no connection any more. What is cached stays, and so do mutations that are not settled.
    public func disconnect() throws(LarderError) {
        try call { try $0.disconnect() }
    }

    /// What the operating system says about the network: with `true`, a lost connection is tried again at once.
    public func networkIsReachable(_ reachable: Bool) throws(LarderError) {
        try call { try $0.reachable(reachable: reachable) }
    }

    /// Takes one event of either dialect, as JSON; for apps with a connection of their own. A refused event changes nothing.
    @discardableResult
    public func apply(_ event: Data) throws(LarderError) -> Applied {
        Applied(packed: try call { try $0.apply(event: event) })
    }

    /// As `apply` with bytes.
    @discardableResult
    public func apply(_ event: String) throws(LarderError) -> Applied {
        try apply(Data(event.utf8))
    }

    /// As `apply`, on the thread that calls: for large events. The main actor takes in what changed in its turn.
    @discardableResult
    public nonisolated func ingest(_ event: Data) throws(LarderError) -> Applied {
        do {
            return Applied(packed: try core.apply(event: event))
        } catch {
            throw LarderError(any: error)
        }
    }

    /// Returns when everything is stored. What changes is stored within a moment anyway; this is for when the app goes to the background.
    public func flush() throws(LarderError) {
        try call { try $0.flush() }
    }

    /// As `close`, and nothing is left of what was stored: for a user who signs out.
    public func closeAndWipe() throws(LarderError) {
        isClosed = true
        try call { try $0.closeAndWipe() }
    }

    /// Closes the connection and frees the cache. Live results stay as they are; whoever waits for something gets `client.closed`.
    public func close() {
        isClosed = true
        core.close()
    }

    /// Events that are not cached, from now on: lifecycle, jobs, logs, finished bulk operations, refresh.
    public var events: AsyncStream<JSONValue> { news.events.stream() }

    /// What is wrong from now on, and that nobody is waiting for: messages that were refused, rows that could not be read,
    /// attempts to connect that failed. The client goes on.
    public var errors: AsyncStream<LarderError> { news.errors.stream() }

    /// What the cache holds and has done.
    public func stats() throws(LarderError) -> JSONValue {
        JSONValue(parsing: try call { try $0.stats() }) ?? .null
    }

    /// Calls the core; what the call changes is taken in before this returns.
    func call<Value>(_ act: (SwiftClient) throws -> Value) throws(LarderError) -> Value {
        inbox.beginMainCall()
        let result = Result { try act(core) }
        inbox.endMainCall()
        takeIn()
        switch result {
        case .success(let value): return value
        case .failure(let error): throw LarderError(any: error)
        }
    }

    /// Takes in all that came. A call from within is taken in after what is under way.
    func takeIn() {
        guard !isTakingIn else { return }
        isTakingIn = true
        defer { isTakingIn = false }
        while true {
            inbox.take(&spare)
            if spare.isEmpty { return }
            var changed: [ObjectIdentifier: any MirroredList] = [:]
            for note in spare.notes { take(note, spare.bytes, &changed) }
            spare.clear()
            for list in changed.values { list.deliver() }
        }
    }
}

extension LarderError {
    init(any error: any Error) {
        self = (error as? Failure).map(LarderError.init) ?? error as? LarderError ?? .client(kind: "client.failed", message: "\(error)")
    }
}
