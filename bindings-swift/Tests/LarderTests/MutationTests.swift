import Larder
import Testing

@MainActor
struct MutationTests {
    private func world() throws -> (client: LarderClient, files: LiveResults<Entry>) {
        let client = try LarderClient(Registry(Entry.self, Mark.self))
        try client.apply(Event.batch("file", [Event.file("1", "a"), Event.file("2", "b")]))
        return (client, client.live(Entry.all.order(by: \.name)))
    }

    @Test func anEditIsShownAtOnceAndStaysWhenItIsConfirmed() async throws {
        let (client, files) = try world()
        let rename = try client.mutate("files.rename", ["id": "1", "name": "z"], Entry.merge("1", .set(\.name, to: "z")))
        #expect(files.items.map(\.name) == ["b", "z"])
        try client.apply(Event.changed("file", Event.file("1", "z")))
        try client.acknowledge(rename.id)
        try await rename.settled()
        #expect(files.items.map(\.name) == ["b", "z"])
        #expect(client.status.pending == 0)
    }

    @Test func aRefusedEditIsTakenBackAndSaysWhy() async throws {
        let (client, files) = try world()
        let mutation = try client.mutate(
            "files.edit", ["n": 1], Entry.delete("1"), Entry.upsert(Entry(id: "9", name: "new", size: 4)))
        #expect(files.items.map(\.id) == ["2", "9"])
        try client.reject(mutation.id, kind: "target_exists", message: "There is one.")
        do {
            try await mutation.settled()
            Issue.record("it was refused")
        } catch {
            #expect((error as? LarderError) == .backend(kind: "target_exists", message: "There is one."))
        }
        #expect(files.items.map(\.id) == ["1", "2"])
    }

    @Test func aFieldOfAnObjectIsMergedIntoIt() throws {
        let client = try LarderClient(Registry(Entry.self, Mark.self))
        try client.apply(Event.changed("tag", ["id": "r", "name": "red", "look": ["color": "#f00"]]))
        let tag = client.entity(Mark.self, "r")
        try client.mutate("tags.paint", ["id": "r"], Mark.merge("r", .set(\.look.color, to: "#e00")))
        #expect(tag.value == Mark(id: "r", name: "red", look: .init(color: "#e00")))
    }

    @Test func theSameIdTwiceIsAnErrorAndTheFirstGoesOn() async throws {
        let (client, _) = try world()
        let first = try client.mutate("files.rename", ["id": "1"], id: "m", [])
        #expect {
            try client.mutate("files.rename", ["id": "1"], id: "m", [])
        } throws: { error in
            (error as? LarderError)?.kind == "mutation.duplicate_id"
        }
        try client.acknowledge("m")
        try await first.settled()
    }

    @Test func whoeverWaitsWhenTheClientClosesLearnsOfIt() async throws {
        let (client, _) = try world()
        let mutation = try client.mutate("files.rename", ["id": "1"])
        client.close()
        do {
            try await mutation.settled()
            Issue.record("nobody answered")
        } catch {
            #expect((error as? LarderError)?.kind == "client.closed")
        }
    }

    @Test func aCancelledTaskWaitsNoLonger() async throws {
        let (client, _) = try world()
        let mutation = try client.mutate("files.rename", ["id": "1"])
        let waiting = Task { try await mutation.settled() }
        waiting.cancel()
        let result = await waiting.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(client.status.pending == 1, "the mutation itself goes on")
    }
}
