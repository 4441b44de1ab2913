import Foundation
import Larder
import Testing

@MainActor
struct LiveResultsTests {
    private func client() throws -> LarderClient {
        try LarderClient(Registry(Entry.self, Mark.self))
    }

    @Test func theFirstResultIsThereAtOnce() throws {
        let client = try client()
        try client.apply(Event.batch("file", [Event.file("1", "b"), Event.file("2", "a", size: 7), Event.file("3", "c", parent: nil)]))
        let files = client.live(Entry.where(\.parentId == "root").order(by: \.name))
        #expect(files.items.map(\.name) == ["a", "b"])
        #expect(files.items.first?.size == 7)
        #expect(files.total == 2)
        #expect(files.error == nil)
        #expect(files.phase == .offline)
    }

    @Test func anEventIsInItemsWhenTheCallReturns() throws {
        let client = try client()
        let files = client.live(Entry.where(\.parentId == "root").order(by: \.name).limit(2))
        #expect(files.items.count == 0)
        #expect(try client.apply(Event.changed("file", Event.file("1", "b"))).changed == 1)
        #expect(files.items.map(\.id) == ["1"])
        try client.apply(Event.batch("file", [Event.file("2", "a"), Event.file("3", "c")]))
        #expect(files.items.map(\.id) == ["2", "1"])
        #expect(files.total == 3)
        try client.apply(Event.deleted("file", "2"))
        #expect(files.items.map(\.id) == ["1", "3"])
    }

    @Test func whatIsCountedIsOverAllMatchesWhateverTheWindow() throws {
        let client = try client()
        try client.apply(Event.batch("file", [Event.file("1", "b", size: 5), Event.file("2", "a", size: 7), Event.file("3", "c", size: 1)]))
        let files = client.live(Entry.all.limit(1).count(as: "n").aggregate(.sum, \.size, as: "bytes").aggregate(.max, \.name, as: "last"))
        #expect(files.items.count == 1)
        #expect(files.aggregates == ["n": 3, "bytes": 13, "last": "c"])
        try client.apply(Event.deleted("file", "3"))
        #expect(files.aggregates == ["n": 2, "bytes": 12, "last": "b"])
        #expect(files.complete)
    }

    @Test func whatOtherThreadsCauseReachesTheMainActor() async throws {
        let client = try client()
        let files = client.live(Entry.all)
        let results = files.results
        let event = Event.changed("file", Event.file("1", "b"))
        Thread.detachNewThread { _ = try? client.ingest(Data(event.utf8)) }
        for await result in results where result.total == 1 {
            #expect(result.items.map(\.name) == ["b"])
            break
        }
        #expect(files.items.map(\.name) == ["b"])
    }

    @Test func aWrongQueryIsAnErrorOfItsResults() throws {
        let client = try LarderClient(Registry(Mark.self, refusesOthers: true))
        let files = client.live(Entry.all)
        #expect(files.error?.kind == "query.unknown_type")
        #expect(files.items.isEmpty)
    }

    @Test func aRefusedEventChangesNothing() throws {
        let client = try client()
        let files = client.live(Entry.all)
        #expect {
            try client.apply("{")
        } throws: { error in
            if case .event("event.malformed_json", _)? = error as? LarderError { true } else { false }
        }
        #expect(files.total == 0)
    }

    @Test func aRowThatDoesNotFitIsLeftOutAndReported() async throws {
        let client = try client()
        var errors = client.errors.makeAsyncIterator()
        let files = client.live(Entry.all)
        try client.apply(Event.batch("file", [Event.file("1", "a"), ["id": "2", "name": 5, "size": 0, "tags": []]]))
        #expect(files.items.map(\.id) == ["1"])
        #expect(files.total == 2)
        let error = await errors.next()
        #expect(error?.kind == "row.mismatch")
        #expect(error?.message.contains("name") == true, "\(String(describing: error))")
        try client.apply(Event.changed("file", Event.file("2", "b")))
        #expect(files.items.map(\.id) == ["1", "2"])
    }

    @Test func includedRowsComeWithTheRow() throws {
        let client = try client()
        try client.apply(Event.batch("tag", [["id": "r", "name": "red"], ["id": "u", "name": "blue", "look": ["color": "#00f"]]]))
        try client.apply(Event.changed("file", Event.file("1", "a", tags: ["u", "r"])))
        let files = client.live(Entry.all.include(\.includedTags))
        #expect(files.items.first?.includedTags.map(\.name) == ["blue", "red"])
        #expect(files.items.first?.includedTags.first?.look?.color == "#00f")
        try client.apply(Event.changed("tag", ["id": "r", "name": "crimson"]))
        #expect(files.items.first?.includedTags.map(\.name) == ["blue", "crimson"])
    }

    @Test func anotherWindowOfTheSameResult() throws {
        let client = try client()
        try client.apply(Event.batch("file", (1...9).map { Event.file("\($0)", "f\($0)") }))
        let files = client.live(Entry.all.order(by: \.name).limit(3))
        try files.setWindow(offset: 3, limit: 2)
        #expect(files.items.map(\.name) == ["f4", "f5"])
        #expect(files.total == 9)
    }

    @Test func oneEntityIsFollowed() throws {
        let client = try client()
        let tag = client.entity(Mark.self, "r")
        #expect(tag.value == nil)
        try client.apply(Event.changed("tag", ["id": "r", "name": "red"]))
        #expect(tag.value?.name == "red")
        try client.apply(Event.deleted("tag", "r"))
        #expect(tag.value == nil)
    }

    @Test func aQueryThatNobodyHasIsUnmounted() throws {
        let client = try client()
        var files: LiveResults<Entry>? = client.live(Entry.all)
        #expect(files?.total == 0)
        #expect(try client.stats()["queries"] == 1)
        files = nil
        #expect(try client.stats()["queries"] == 0)
    }

    @Test func aTaskThatIsCancelledLetsGoOfItsQuery() async throws {
        let client = try client()
        let task = Task { @MainActor in
            for await _ in client.live(Entry.all).results {}
        }
        for _ in 0..<1000 where try client.stats()["queries"] != 1 { await Task.yield() }
        #expect(try client.stats()["queries"] == 1)
        task.cancel()
        await task.value
        for _ in 0..<1000 where try client.stats()["queries"] != 0 { await Task.yield() }
        #expect(try client.stats()["queries"] == 0)
    }
}
