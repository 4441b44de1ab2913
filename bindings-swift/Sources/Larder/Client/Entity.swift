import Observation

/// One entity, kept up to date: as `LiveResults`, but of one.
@MainActor
public final class Entity<Value: Identifiable & Sendable> where Value.ID: Sendable {
    private let live: LiveResults<Value>

    init(_ live: LiveResults<Value>) {
        self.live = live
    }

    /// The entity, if the cache has it. Who reads it is told of each change.
    public var value: Value? { live.items.first?.value }
    /// How it stands to the backend.
    public var phase: Status.Phase { live.phase }
    /// Why there is none.
    public var error: LarderError? { live.error }
    /// The entity of this moment, and then each newer one.
    public var values: AsyncMapSequence<AsyncStream<QueryResult<Value>>, Value?> { live.results.map(\.items.first) }
}
