/// Something that will be known, once, and that any number of tasks may wait for.
@MainActor
final class Outcome<Value: Sendable> {
    private var result: Result<Value, LarderError>?
    private var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
    private var next = 0

    /// Waits until it is known, or until the task is cancelled.
    func value() async throws -> Value {
        if let result { return try result.get() }
        let number = next
        next += 1
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result {
                    continuation.resume(with: result.mapError { $0 as any Error })
                } else if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting[number] = continuation
                }
            }
        } onCancel: {
            Task { @MainActor in self.waiting.removeValue(forKey: number)?.resume(throwing: CancellationError()) }
        }
    }

    func settle(_ result: Result<Value, LarderError>) {
        guard self.result == nil else { return }
        self.result = result
        for continuation in waiting.values { continuation.resume(with: result.mapError { $0 as any Error }) }
        waiting = [:]
    }
}
