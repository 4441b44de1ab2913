import Foundation
@testable import Larder
import Testing

@MainActor
struct GroupTests {
    private struct Totals: Decodable, Hashable, Sendable {
        let files: Int
        let bytes: Int64
        let first: String?
    }

    private func client() throws -> LarderClient {
        let client = try LarderClient(Registry(Entry.self, Mark.self))
        try client.apply(
            Event.batch(
                "file",
                [
                    Event.file("1", "b", parent: "x", size: 5), Event.file("2", "a", parent: "x", size: 7),
                    Event.file("3", "c", parent: "y", size: 20), Event.file("4", "d", parent: nil, size: 1),
                ]))
        return client
    }

    private var byFolder: GroupedQuery<Entry, String?, Totals> {
        Entry.all.groupBy(\.parentId).count(as: "files").aggregate(.sum, \.size, as: "bytes").aggregate(.min, \.name, as: "first")
            .figures(Totals.self)
    }

    @Test func groupsHaveTheirKeyAndTheirFiguresAsTheTypesThatTheyAre() throws {
        let groups = try client().live(byFolder)
        #expect(groups.total == 3)
        #expect(groups.items.map(\.key) == [nil, "x", "y"])
        #expect(groups.items[1].value.figures == Totals(files: 2, bytes: 12, first: "a"))
        #expect(groups.items[2].bytes == 20)
        #expect(byFolder.json["groupBy"] == ["parent_id"])
    }

    @Test func aGroupThatChangesIsTheSameRowAndOthersAreLeftAlone() throws {
        let client = try client()
        let groups = client.live(byFolder.order(by: "bytes", .descending).limit(2))
        #expect(groups.items.map(\.key) == ["y", "x"])
        let (y, x) = (groups.items[0], groups.items[1])
        let (yRead, xRead) = (Watching { _ = y.bytes }, Watching { _ = x.bytes })
        try client.apply(Event.changed("file", Event.file("1", "b", parent: "x", size: 9)))
        #expect(groups.items[1] === x)
        #expect(x.bytes == 16)
        #expect(xRead.changedAgain() && !yRead.changedAgain())
        try client.apply(Event.changed("file", Event.file("1", "b", parent: "x", size: 90)))
        #expect(groups.items.map(\.key) == ["x", "y"])
        #expect(groups.items[0] === x)
        try client.apply(Event.deleted("file", "3"))
        #expect(groups.items.map(\.key) == ["x", nil])
        #expect(groups.total == 2)
    }

    @Test func rowsAreGroupedByTwoFieldsTogether() throws {
        let groups = try client().live(Entry.where(\.parentId == "x").groupBy(\.parentId, \.name).count(as: "files"))
        #expect(groups.items.map(\.key) == [Pair(first: "x", second: "a"), Pair(first: "x", second: "b")])
        #expect(groups.items[0].figures["files"] == 1)
    }

    @Test func figuresThatAreOfAnotherTypeAreReportedAndLeftOut() async throws {
        struct Wrong: Decodable, Hashable, Sendable {
            let files: String
        }
        let client = try client()
        var errors = client.errors.makeAsyncIterator()
        let groups = client.live(Entry.all.groupBy(\.parentId).count(as: "files").figures(Wrong.self))
        #expect(groups.items.isEmpty)
        #expect(groups.total == 3)
        #expect(await errors.next()?.kind == "row.mismatch")
    }
}
