import Foundation
import LarderCore

/// What the core has told and the main actor has not taken in yet.
///
/// The core tells it on whatever thread made the step. It is noted down here; a call of the main actor takes it in before it
/// returns, and what other threads cause is taken in by one hop to the main actor, however much has come by then.
final class Inbox: SwiftSink, @unchecked Sendable {
    enum Note {
        /// A patch: this part of the bytes.
        case patch(Range<Int>)
        case mounted(UInt32)
        case unmounted(UInt32)
        case status(ClientStatus)
        case remote(RemoteStanding)
        case settled(String, Failure?)
        case answered(String, Result<String, Failure>)
        case event(String)
        case error(Failure)
        case closed
    }

    /// Notes in their order, and the bytes of the patches among them.
    struct Batch {
        var notes: [Note] = []
        var bytes: [UInt8] = []

        var isEmpty: Bool { notes.isEmpty }

        mutating func clear() {
            notes.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: bytes.count < 1 << 20)
        }
    }

    private let lock = NSLock()
    private var batch = Batch()
    /// Calls of the main actor that are under way; each takes everything in when it ends.
    private var mainCalls = 0
    private var isHopComing = false
    private var takeIn: @Sendable () -> Void = {}

    /// What to do when something came that no call of the main actor takes in.
    func whenSomethingCame(_ takeIn: @escaping @Sendable () -> Void) {
        lock.withLock { self.takeIn = takeIn }
    }

    func beginMainCall() { lock.withLock { mainCalls += 1 } }
    func endMainCall() { lock.withLock { mainCalls -= 1 } }

    /// Swaps all that came for the empty `spare`, whose memory is used again.
    func take(_ spare: inout Batch) {
        lock.withLock {
            isHopComing = false
            swap(&batch, &spare)
        }
    }

    private func note(_ note: Note) {
        add { $0.notes.append(note) }
    }

    private func add(_ change: (inout Batch) -> Void) {
        let hop: (@Sendable () -> Void)? = lock.withLock {
            change(&batch)
            guard mainCalls == 0 && !isHopComing else { return nil }
            isHopComing = true
            return takeIn
        }
        hop?()
    }

    func patch(address: UInt64, length: UInt64) {
        let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: UInt(address)), count: Int(length))
        add { batch in
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: bytes)
            batch.notes.append(.patch(start..<batch.bytes.count))
        }
    }

    func mounted(query: UInt32) { note(.mounted(query)) }
    func unmounted(query: UInt32) { note(.unmounted(query)) }
    func status(status: ClientStatus) { note(.status(status)) }
    func remote(standing: RemoteStanding) { note(.remote(standing)) }
    func settled(id: String, failure: Failure?) { note(.settled(id, failure)) }
    func answered(id: String, json: String) { note(.answered(id, .success(json))) }
    func unanswered(id: String, failure: Failure) { note(.answered(id, .failure(failure))) }
    func event(json: String) { note(.event(json)) }
    func error(failure: Failure) { note(.error(failure)) }
    func closed() { note(.closed) }
}
