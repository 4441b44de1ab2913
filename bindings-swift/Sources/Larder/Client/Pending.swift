import Foundation

/// A mutation that is not settled yet.
public struct PendingMutation: Hashable, Sendable, Identifiable, Decodable {
    public enum State: String, Hashable, Sendable, Decodable {
        /// Not sent yet.
        case queued
        /// Sent, not answered.
        case inFlight = "in_flight"
        /// Accepted; its event has not arrived yet.
        case acked
        /// Not sent, because an earlier edit of the same entity was refused: `retry` sends it all the same, `discard` takes it back.
        case held
    }

    public let id: String
    /// Which action.
    public let name: String
    /// How far it got.
    public let state: State
}

extension LarderClient {
    /// The mutations that are not settled, oldest first, those of earlier runs of the app among them.
    public func pending() throws(LarderError) -> [PendingMutation] {
        let text = try call { try $0.pending() }
        guard let list = try? JSONDecoder().decode([PendingMutation].self, from: Data(text.utf8)) else {
            throw .client(kind: "client.failed", message: "the core's list of mutations could not be read: \(text)")
        }
        return list
    }

    /// Sends a held mutation all the same.
    public func retry(_ id: String) throws(LarderError) {
        try call { try $0.retry(id: id) }
    }

    /// Takes a mutation back that has not been sent; who waits for it gets an error of the kind `discarded`.
    public func discard(_ id: String) throws(LarderError) {
        try call { try $0.discard(id: id) }
    }
}
