import LarderCore
import Observation

/// The result of a query, kept up to date for as long as this is there. The first result is there with it.
///
/// `items` changes when other rows belong to the result, or in another order. When a row itself changes, only who reads that row
/// is told: each item is a `Row`, to be observed on its own.
@MainActor
public class LiveResults<Value: Identifiable & Sendable>: Observable where Value.ID: Sendable {
    private var cells = Cells()
    private var rows: [Row<Value>] = []
    private var size = 0
    private var isPartial = false
    private var figures: JSONValue = .null
    private var refusal: LarderError?
    private let watched = (items: Watchable(), total: Watchable(), figures: Watchable())
    final let client: LarderClient?
    final private(set) var mount: Mount?
    private let readers = Broadcast<QueryResult<Value>>()

    /// How rows come to be in the result that are rows of no resource type.
    private let reading: (any Reading<Value>)?

    init(_ client: LarderClient, query: JSONValue, isRemote: Bool = false, reading: (any Reading<Value>)? = nil) {
        self.client = client
        self.reading = reading
        do {
            mount = Mount(client.core, try client.mount(self, query.text, isRemote: isRemote))
        } catch {
            refusal = error
        }
    }

    /// Results that will not come.
    init(failed error: LarderError) {
        client = nil
        reading = nil
        refusal = error
    }

    /// The rows of the window, in order.
    public final var items: [Row<Value>] {
        watched.items.isRead()
        return rows
    }

    /// How many rows match, whatever the window.
    public final var total: Int {
        watched.total.isRead()
        return size
    }

    /// All rows that there are were in the cache; `false` while what was stored is being read back, or the first copy comes in.
    public final var complete: Bool {
        watched.total.isRead()
        return !isPartial
    }

    /// What the query aggregates over all matches, by the names it gives them: `results.aggregates["bytes"]`.
    public final var aggregates: JSONValue {
        watched.figures.isRead()
        return figures
    }

    /// Why there is no result.
    public var error: LarderError? { refusal }

    /// How the result stands to the backend.
    public final var phase: Status.Phase { client?.status.phase ?? .offline }

    /// The rows as they are now; who reads this is told of every change of each of them.
    public final var values: [Value] { items.map(\.value) }

    /// The result of this moment, and then each newer one; who is slow misses some in between, never the newest. The query stays
    /// mounted as long as somebody follows it.
    public final var results: AsyncStream<QueryResult<Value>> {
        let inner = readers.stream(.bufferingNewest(1), beginningWith: snapshot)
        return AsyncStream { continuation in
            // The task holds the query.
            let task = Task { [self] in
                for await result in inner { continuation.yield(result) }
                withExtendedLifetime(self) { continuation.finish() }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Shows another part of the same result.
    public final func setWindow(offset: Int = 0, limit: Int) throws(LarderError) {
        guard let mount, let client else { return }
        let window: JSONValue = .object(["offset": .integer(Int64(offset)), "limit": .integer(Int64(limit))])
        try client.call { try $0.setWindow(query: mount.number, window: window.text) }
    }

    /// It stands otherwise to the backend; only remote queries do.
    func stand(_ standing: RemoteStanding) {}

    private var snapshot: QueryResult<Value> {
        QueryResult(items: values, total: total, complete: complete, aggregates: aggregates)
    }
}

extension LiveResults: MirroredList {
    func change(_ change: ResultChange, in table: any Table, aggregates: JSONValue?) throws(LarderError) -> Bool {
        guard let table = reading?.read(change, table, report: { client?.news.errors.tell($0) }) ?? table as? TypedTable<Value> else {
            throw .corrupt("the rows of a query are not \(Value.self)")
        }
        let before = cells.cells
        let difference = try cells.splice(change) { table.cell($0) }
        if difference == .inList { watched.items.change { follow(Edit(from: before, to: cells.cells), in: table) } }
        let hasOtherSize = size != change.total || isPartial != change.isPartial
        if hasOtherSize { watched.total.change { (size, isPartial) = (change.total, change.isPartial) } }
        let other = aggregates ?? figures
        let hasOtherFigures = other != figures
        if hasOtherFigures { watched.figures.change { figures = other } }
        return difference != .none || hasOtherSize || hasOtherFigures
    }

    private func follow(_ edit: Edit, in table: TypedTable<Value>) {
        switch edit {
        case .move(let from, let to):
            rows.insert(rows.remove(at: from), at: to)
        case .replace(let range, let slots):
            rows.replaceSubrange(range, with: slots.compactMap { table.row($0) })
        case .unclear(let slots):
            rows = slots.compactMap { table.row($0) }
        }
    }

    func deliver() {
        if readers.isHeard { readers.tell(snapshot) }
    }

    func end() {
        readers.end()
    }
}

/// What a query shows at one moment.
public struct QueryResult<Value: Sendable>: Sendable {
    /// The rows of the window, in order.
    public let items: [Value]
    /// How many rows match, whatever the window.
    public let total: Int
    /// All rows that there are were in the cache.
    public let complete: Bool
    /// What the query aggregates, by the names it gives them.
    public let aggregates: JSONValue
}

extension QueryResult: Equatable where Value: Equatable {}
