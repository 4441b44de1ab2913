import Foundation
import Larder
import Testing

@MainActor
struct StorageTests {
    private let file = FileManager.default.temporaryDirectory.appendingPathComponent("larder-\(UUID().uuidString)")

    private func client(key: Data? = nil) throws -> LarderClient {
        try LarderClient(Registry(Entry.self, Mark.self), storage: .sqlite(at: file, key: key))
    }

    /// Waits until what was stored is back.
    private func restored(_ client: LarderClient) async throws {
        for _ in 0..<2000 where client.status.storage == .restoring || client.status.storage == .none {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(client.status.storage == .ready)
    }

    @Test func rowsAndPendingMutationsAreThereInTheNextRun() async throws {
        var first: LarderClient? = try client()
        try first?.apply(Event.batch("file", [Event.file("1", "b"), Event.file("2", "a")]))
        try first?.mutate("files.rename", ["id": "1", "name": "z"], Entry.merge("1", .set(\.name, to: "z")))
        try first?.flush()
        first?.close()
        first = nil

        let second = try client()
        let files = second.live(Entry.all.order(by: \.name))
        try await restored(second)
        #expect(files.items.map(\.name) == ["a", "z"])
        #expect(files.complete)
        let pending = try second.pending()
        #expect(pending.map(\.name) == ["files.rename"])
        #expect(pending.first?.state == .queued)
        try second.discard(pending[0].id)
        #expect(files.items.map(\.name) == ["a", "b"])
        try second.closeAndWipe()
    }

    @Test func anotherKeyIsAnErrorAndTheClientGoesOnInMemory() async throws {
        let key = Data(repeating: 7, count: 32)
        let first = try client(key: key)
        try first.apply(Event.changed("file", Event.file("1", "b")))
        try first.flush()
        first.close()

        let second = try client(key: Data(repeating: 8, count: 32))
        for _ in 0..<2000 where second.status.storage != .failed { try await Task.sleep(for: .milliseconds(5)) }
        #expect(second.status.storage == .failed)
        try second.apply(Event.changed("file", Event.file("2", "c")))
        #expect(second.live(Entry.all).items.map(\.name) == ["c"])
    }

    @Test func aKeyOfAnotherLengthIsRefused() {
        #expect(throws: LarderError.self) { try client(key: Data([1, 2, 3])) }
    }
}
