import Larder
import Observation

extension LarderClient {
    /// The phase of this moment, and then each other one.
    var phases: AsyncStream<Status.Phase> {
        let (stream, continuation) = AsyncStream<Status.Phase>.makeStream()
        follow(continuation)
        return stream
    }

    private func follow(_ continuation: AsyncStream<Status.Phase>.Continuation) {
        let phase = withObservationTracking { status.phase } onChange: { [weak self] in
            // The new value is there only after this returns.
            Task { @MainActor in self?.follow(continuation) }
        }
        continuation.yield(phase)
    }

    /// Connects, and waits for all that there is; gives up at the first thing that goes wrong.
    func connectOnce(_ url: String) async throws {
        let (phases, errors) = (phases, errors)
        try connect(url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await phase in phases where phase == .live { return }
                throw CancellationError()
            }
            group.addTask {
                for await error in errors { throw error }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Says what the connection goes through, until the task is cancelled.
    func reportConnection() async {
        var last = Status.Phase.live
        for await phase in phases where phase != last && (phase == .live || phase == .offline) {
            Terminal.warn(phase == .live ? "connected again, and up to date" : "the connection is lost; trying again")
            last = phase
        }
    }

    /// Says what goes wrong besides, until the task is cancelled.
    func reportErrors() async {
        for await error in errors where error.kind != "connect.failed" { Terminal.warn(error.description) }
    }
}
