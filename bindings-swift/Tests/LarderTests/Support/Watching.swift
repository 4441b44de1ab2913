import Observation

/// Counts how often what somebody reads is said to have changed, as SwiftUI does to know what to render again.
@MainActor
final class Watching {
    private(set) var changes = 0
    private let read: @MainActor () -> Void

    init(_ read: @escaping @MainActor () -> Void) {
        self.read = read
        observe()
    }

    private func observe() {
        withObservationTracking(read) {
            MainActor.assumeIsolated { self.changes += 1 }
        }
    }

    /// How often it changed since the last call; observation fires once until what it is about is read again.
    func changedAgain() -> Bool {
        defer {
            changes = 0
            observe()
        }
        return changes > 0
    }
}
