import Observation

/// Something of which all is observed as one. `@Observable` on a generic class makes a key path at each change, which costs more
/// than the change; this makes none.
@MainActor
public class Watchable: Observable {
    private let registrar = ObservationRegistrar()
    /// Stands for all that is observed.
    private var all: Void { () }

    /// Whoever observes is told of the next change.
    final func isRead() {
        registrar.access(self, keyPath: \.all)
    }

    /// Tells those who observe, and changes it.
    final func change(_ change: () -> Void) {
        registrar.withMutation(of: self, keyPath: \.all, change)
    }
}
