import LarderCore

/// How the cache stands to its backend.
public struct Status: Hashable, Sendable {
    public enum Phase: String, Hashable, Sendable {
        /// Not connected.
        case offline
        /// A connection is being opened.
        case connecting
        /// Connected; what was missed is coming in.
        case syncing
        /// Everything up to now is here, and changes arrive as they happen.
        case live
    }

    public enum Storage: String, Hashable, Sendable {
        /// There is none: the cache is in memory only.
        case none
        /// What was stored is being read back; results may lack rows.
        case restoring
        /// What changes is stored.
        case ready
        /// The file could not be read or written; `errors` say why. It is tried again with later changes.
        case failed
    }

    /// Connected or not.
    public internal(set) var phase: Phase = .offline
    /// Whether what changes is stored.
    public internal(set) var storage: Storage = .none
    /// Mutations that are not settled.
    public internal(set) var pending = 0
    /// The library, once known.
    public internal(set) var library: String?
    /// How far the backend's stream had been followed when the rest last changed.
    public internal(set) var cursor: Cursor?
}

/// How far a cache has followed its backend's stream. Two of them are the same or not; there is nothing to be computed with one.
public struct Cursor: Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

extension Status {
    init(_ status: ClientStatus) {
        self.init(
            phase: Phase(rawValue: status.phase) ?? .offline, storage: Storage(rawValue: status.storage) ?? .none, pending: Int(status.pending), library: status.library,
            cursor: status.cursor.map(Cursor.init))
    }
}

/// What an event did.
public struct Applied: Hashable, Sendable {
    /// Rows that look different now.
    public let changed: Int
    /// Resources that were older than what is cached.
    public let stale: Int
    /// The event had been applied before.
    public let isDuplicate: Bool
    /// The event came too early and is held back until what is missing has come.
    public let isHeld: Bool
}

extension Applied {
    /// As the binding packs it.
    init(packed word: UInt64) {
        self.init(
            changed: Int(word & 0xffff_ffff), stale: Int(word >> 32 & 0x3fff_ffff), isDuplicate: word >> 63 == 1,
            isHeld: word >> 62 & 1 == 1)
    }
}
