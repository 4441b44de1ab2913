import Foundation
import LarderCore

/// Why something was not done. Each case is a family; `kind` is stable, the same in every language, and meant for programs;
/// `message` is meant for people and says what to do.
///
/// ```swift
/// do { try await rename.settled() } catch let error as LarderError where error.kind == "target_exists" { … }
/// ```
public enum LarderError: Error, Hashable, Sendable {
    /// A registry that cannot be: `registry.duplicate_type`, …
    case registry(kind: String, message: String)
    /// A query that is wrong: `query.unknown_type`, …
    case query(kind: String, message: String)
    /// An event or a message that was refused: `event.malformed_json`, `frame.malformed`, …
    case event(kind: String, message: String)
    /// A mutation that cannot be made: `mutation.duplicate_id`, …
    case mutation(kind: String, message: String)
    /// A row that is not what Swift reads: `row.mismatch`, …
    case row(kind: String, message: String)
    /// The connection: `connect.invalid_url`, `connect.failed`, …
    case connection(kind: String, message: String)
    /// The client itself: `client.closed`, `patch.corrupt`, …
    case client(kind: String, message: String)
    /// What the backend refused, with the kind that it gave.
    case backend(kind: String, message: String)

    /// The stable name.
    public var kind: String { parts.kind }
    /// For people.
    public var message: String { parts.message }

    private var parts: (kind: String, message: String) {
        switch self {
        case .registry(let kind, let message), .query(let kind, let message), .event(let kind, let message),
            .mutation(let kind, let message), .row(let kind, let message), .connection(let kind, let message),
            .client(let kind, let message), .backend(let kind, let message):
            (kind, message)
        }
    }
}

extension LarderError {
    /// Kinds are named after their family; those of the backend are its own.
    init(_ failure: Failure) {
        let (kind, message) = switch failure {
        case .Refused(let kind, let message): (kind, message)
        }
        self = switch kind.prefix(while: { $0 != "." }) {
        case "registry", "config": .registry(kind: kind, message: message)
        case "query": .query(kind: kind, message: message)
        case "event", "frame": .event(kind: kind, message: message)
        case "mutation": .mutation(kind: kind, message: message)
        case "row": .row(kind: kind, message: message)
        case "connect": .connection(kind: kind, message: message)
        case "client", "patch", "value", "answer": .client(kind: kind, message: message)
        default: .backend(kind: kind, message: message)
        }
    }

    static func corrupt(_ what: String) -> LarderError {
        .client(kind: "patch.corrupt", message: "a patch from the core cannot be applied: \(what)")
    }
}

extension LarderError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { message }
    public var description: String { "\(kind): \(message)" }
}
