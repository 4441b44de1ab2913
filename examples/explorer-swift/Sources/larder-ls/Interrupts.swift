import Dispatch
import Foundation

/// Ctrl-C and termination, as something to react to; a second one ends the program at once.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]

    init(_ react: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                signal(number, SIG_DFL)
                react()
            }
            source.resume()
            return source
        }
    }
}
