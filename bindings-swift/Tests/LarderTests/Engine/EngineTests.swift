import Foundation
import Larder
import Testing

/// A live client on the real engine, over a real folder.
@MainActor
@Suite(.enabled(if: RunningEngine.program != nil, "LARDER_ENGINE_BIN names no engine"), .serialized)
struct EngineTests {
    private struct NeverCame: Error {}

    private func world() throws -> (engine: RunningEngine, client: LarderClient, files: LiveResults<File>) {
        let engine = try RunningEngine()
        try engine.write("photo2.jpg")
        try engine.write("photo10.jpg")
        try engine.start()
        let client = try LarderClient(LarderRegistry.registry)
        try client.connect(engine.url)
        let files = client.live(File.where(\.isDir == false).order(by: \.name, .natural).include(\.tags))
        return (engine, client, files)
    }

    /// Waits for the result that this is true of; ten seconds at most.
    private func wait(_ files: LiveResults<File>, until holds: @MainActor ([File]) -> Bool) async throws {
        for _ in 0..<1000 {
            if holds(files.values) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never came: \(files.items.map(\.name))")
        throw NeverCame()
    }

    @Test func whatHappensOnDiskIsInTheListAndEditsAreOnDisk() async throws {
        let (engine, client, files) = try world()
        try await wait(files) { $0.map(\.name) == ["photo2.jpg", "photo10.jpg"] }
        try engine.write("photo3.jpg", "four")
        try await wait(files) { $0.map(\.name) == ["photo2.jpg", "photo3.jpg", "photo10.jpg"] && $0[1].size == 4 }

        let file = try #require(files.items.first)
        let rename = try client.mutate(
            "files.rename", ["id": file.id.uuidString.lowercased(), "name": "cover.jpg"], File.merge(file.id, .set(\.name, to: "cover.jpg")))
        #expect(files.items.map(\.name) == ["cover.jpg", "photo3.jpg", "photo10.jpg"], "at once")
        try await rename.settled()
        #expect(try engine.names == ["cover.jpg", "photo10.jpg", "photo3.jpg"])
        #expect(files.items.first === file, "it is the same row")
        #expect(client.status.pending == 0)
    }

    @Test func aRefusalIsTakenBackAndHasTheKindOfTheEngine() async throws {
        let (engine, client, files) = try world()
        try await wait(files) { $0.count == 2 }
        let file = try #require(files.items.first)
        let rename = try client.mutate(
            "files.rename", ["id": file.id.uuidString.lowercased(), "name": "photo10.jpg"], File.merge(file.id, .set(\.name, to: "photo10.jpg")))
        await #expect {
            try await rename.settled()
        } throws: { error in
            (error as? LarderError)?.kind == "target_exists"
        }
        #expect(files.items.map(\.name) == ["photo2.jpg", "photo10.jpg"])
        #expect(try engine.names == ["photo10.jpg", "photo2.jpg"])
    }

    @Test func theListOutlivesTheEngineAndCatchesUp() async throws {
        let (engine, client, files) = try world()
        try await wait(files) { $0.count == 2 }
        engine.stop()
        for _ in 0..<1000 where client.status.phase == .live { try await Task.sleep(for: .milliseconds(10)) }
        #expect(files.phase != .live)
        #expect(files.items.map(\.name) == ["photo2.jpg", "photo10.jpg"])
        try engine.write("photo3.jpg")
        try engine.start()
        try client.networkIsReachable(true)
        try await wait(files) { $0.map(\.name) == ["photo2.jpg", "photo3.jpg", "photo10.jpg"] }
    }

    @Test func theAnswerOfTheEngineStaysLiveAndComesPageByPage() async throws {
        let (engine, client, files) = try world()
        try await wait(files) { $0.count == 2 }
        let found = client.remote(File.all.include(\.tags).answered(by: "files.search", ["text": "photo", "limit": 1]))
        try await wait(found) { $0.count == 1 }
        #expect(found.items.map(\.name) == ["photo2.jpg"], "the shortest path first")
        #expect(found.status == .ready && found.hasNextPage && found.backendTotal == 2)
        try found.fetchNextPage()
        try await wait(found) { $0.map(\.name) == ["photo2.jpg", "photo10.jpg"] }
        #expect(!found.hasNextPage)

        let file = try #require(found.items.first)
        try await client.mutate(
            "files.rename", ["id": file.id.uuidString.lowercased(), "name": "photo3.jpg"], File.merge(file.id, .set(\.name, to: "photo3.jpg"))
        ).settled()
        #expect(found.items.map(\.name) == ["photo3.jpg", "photo10.jpg"], "the rows are those of every list")
        #expect(found.items.first === file)

        let none = client.remote(File.all.answered(by: "no.such.method"))
        for _ in 0..<1000 where none.status != .failed { try await Task.sleep(for: .milliseconds(10)) }
        #expect(none.error?.kind == "unknown_method")
        engine.stop()
    }

    @Test func aWrongAddressIsAnErrorWithoutTheSecretInIt() throws {
        let client = try LarderClient(LarderRegistry.registry)
        #expect {
            try client.connect("http://127.0.0.1/?token=secret")
        } throws: { error in
            guard let error = error as? LarderError else { return false }
            return error.kind == "connect.invalid_url" && !error.message.contains("secret")
        }
    }
}
