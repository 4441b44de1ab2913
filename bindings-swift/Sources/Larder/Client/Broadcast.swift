/// The same news for any number of tasks.
@MainActor
final class Broadcast<Value: Sendable> {
    private var listeners: [Int: AsyncStream<Value>.Continuation] = [:]
    private var next = 0

    /// What is told from now on. It ends with the task that reads it.
    func stream(_ buffering: AsyncStream<Value>.Continuation.BufferingPolicy = .unbounded, beginningWith first: Value? = nil) -> AsyncStream<Value> {
        let (stream, continuation) = AsyncStream<Value>.makeStream(bufferingPolicy: buffering)
        if let first { continuation.yield(first) }
        let number = next
        next += 1
        listeners[number] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { @MainActor in self?.listeners[number] = nil }
        }
        return stream
    }

    var isHeard: Bool { !listeners.isEmpty }

    func tell(_ value: @autoclosure () -> Value) {
        guard isHeard else { return }
        let value = value()
        for listener in listeners.values { listener.yield(value) }
    }

    func end() {
        for listener in listeners.values { listener.finish() }
        listeners = [:]
    }
}
