import Foundation
import Larder
import Testing

@MainActor
struct RemoteTests {
    private func client() throws -> LarderClient {
        try LarderClient(Registry(Entry.self, Mark.self))
    }

    @Test func aRequestIsWrittenAsInEveryLanguage() {
        let request = Entry.where(.childOf(\.name, "/a")).limit(5).answered(by: "files.list", ["path": "/a"])
        #expect(
            request.policy(.staleWhileRevalidate).ttl(1000).json == [
                "from": "file", "where": ["name": ["childOf": "/a"]], "limit": 5, "method": "files.list", "input": ["path": "/a"],
                "policy": "stale_while_revalidate", "ttl": 1000,
            ])
        let text = "a"
        #expect(Entry.all.answered(by: "files.search", ["text": text]).json["input"] == ["text": "a"])
        #expect(Entry.all.answered(by: "files.search", ["text": "a", "limit": 3]).json["input"] == ["text": "a", "limit": 3])
        #expect(Entry.all.answered(by: "files.all").json["input"] == .null)
    }

    @Test func withoutAConnectionTheQuestionWaits() throws {
        let client = try client()
        let found = client.remote(Entry.all.answered(by: "files.search", ["text": "a"]))
        #expect(found.status == .pending)
        #expect(found.isFetching)
        #expect(!found.complete)
        #expect(found.items.isEmpty)
        let only = client.remote(Entry.all.answered(by: "files.search", ["text": "b"]).policy(.cacheOnly))
        #expect(!only.isFetching)
        let fetching = Watching { _ = only.isFetching }
        try only.refetch()
        #expect(only.isFetching)
        #expect(fetching.changedAgain(), "who reads how it stands is told")
        try client.invalidate(.methods(["files.*"]))
        try client.invalidate(.folder("/a", recursive: false))
        try client.invalidate(.entity(Entry.self, "1"))
        try client.invalidate(.type(Mark.self))
        try client.invalidate(.everything)
    }

    @Test func aWrongRequestIsAnErrorOfItsResults() throws {
        let client = try LarderClient(Registry(Mark.self, refusesOthers: true))
        let found = client.remote(Entry.all.answered(by: "files.search"))
        #expect(found.error?.kind == "query.unknown_type")
        #expect(found.status == .failed)
        let counted = client.remote(Mark.all.count(as: "n").answered(by: "tags.list"))
        #expect(counted.error?.kind == "query.unknown_key")
        struct NoJSON: Encodable {
            func encode(to encoder: any Encoder) throws { throw CancellationError() }
        }
        #expect(client.remote(Mark.all.answered(by: "tags.list", NoJSON())).error?.kind == "value.not_json")
    }

    @Test func aRemoteQueryThatNobodyHasIsUnmounted() throws {
        let client = try client()
        var found: RemoteResults<Entry>? = client.remote(Entry.all.answered(by: "files.search"))
        #expect(found?.isFetching == true)
        #expect(try client.stats()["queries"] == 1)
        found = nil
        #expect(try client.stats()["queries"] == 0)
    }
}
