@testable import Larder
import Testing

/// Which reads are said to have changed, and so what SwiftUI renders again.
@MainActor
struct ObservationTests {
    private func world() throws -> (client: LarderClient, files: LiveResults<Entry>) {
        let client = try LarderClient(Registry(Entry.self, Mark.self))
        try client.apply(Event.batch("file", (1...5).map { Event.file("\($0)", "f\($0)") }))
        return (client, client.live(Entry.where(\.parentId == "root").order(by: \.name).limit(3)))
    }

    @Test func aChangedRowIsNewsForItsReadersOnly() throws {
        let (client, files) = try world()
        let list = Watching { _ = files.items }
        let rows = files.items.map { row in Watching { _ = row.name } }
        let kept = files.items
        try client.apply(Event.changed("file", Event.file("2", "f2", size: 99)))
        #expect(rows.map { $0.changedAgain() } == [false, true, false])
        #expect(!list.changedAgain(), "the same rows in the same order")
        #expect(files.items[1].size == 99)
        #expect(zip(files.items, kept).allSatisfy { $0 === $1 })
    }

    @Test func aRowThatMovesIsNewsForTheListToo() throws {
        let (client, files) = try world()
        let list = Watching { _ = files.items }
        let rows = files.items.map { row in Watching { _ = row.name } }
        let first = files.items[0]
        try client.apply(Event.changed("file", Event.file("1", "f25")))
        #expect(list.changedAgain())
        #expect(rows.map { $0.changedAgain() } == [true, false, false])
        #expect(files.items[1] === first, "the row is the same object in another place")
    }

    @Test func aRowOutsideOfTheWindowIsNewsForNobody() throws {
        let (client, files) = try world()
        let list = Watching { _ = files.items }
        let total = Watching { _ = files.total }
        let rows = files.items.map { row in Watching { _ = row.name } }
        try client.apply(Event.changed("file", Event.file("5", "f6")))
        #expect(!list.changedAgain())
        #expect(!total.changedAgain())
        #expect(rows.map { $0.changedAgain() } == [false, false, false])
        try client.apply(Event.changed("file", Event.file("6", "f7")))
        #expect(!list.changedAgain())
        #expect(total.changedAgain())
    }

    @Test func onlyChangedRowsAreDecoded() throws {
        let (client, files) = try world()
        #expect(client.mirror.decoded == 3)
        try client.apply(Event.changed("file", Event.file("2", "f2", size: 1)))
        #expect(client.mirror.decoded == 4)
        try client.apply(Event.changed("file", Event.file("1", "f25")))
        #expect(client.mirror.decoded == 5)
        try client.apply(Event.changed("file", Event.file("5", "f9")))
        #expect(client.mirror.decoded == 5)
        #expect(files.items.count == 3)
    }

    @Test func aRowThatTwoListsShowIsOneObject() throws {
        let (client, files) = try world()
        let others = client.live(Entry.all.order(by: \.name, .byte, .descending))
        #expect(others.items.last === files.items.first)
        let row = Watching { _ = others.items.last?.size }
        try client.apply(Event.changed("file", Event.file("1", "f1", size: 3)))
        #expect(row.changedAgain())
        #expect(others.items.last?.size == 3)
    }

    @Test func aChangedTagIsNewsForTheRowsThatShowIt() throws {
        let (client, _) = try world()
        try client.apply(Event.changed("tag", ["id": "r", "name": "red"]))
        try client.apply(Event.changed("file", Event.file("2", "f2", tags: ["r"])))
        let files = client.live(Entry.all.order(by: \.name).limit(3).include(\.includedTags))
        let list = Watching { _ = files.items }
        let rows = files.items.map { row in Watching { _ = row.value } }
        try client.apply(Event.changed("tag", ["id": "r", "name": "crimson"]))
        #expect(rows.map { $0.changedAgain() } == [false, true, false])
        #expect(!list.changedAgain())
    }

    @Test func theStatusIsObserved() throws {
        let (client, files) = try world()
        let phase = Watching { _ = files.phase }
        let pending = try client.mutate("files.rename", ["id": "1"], Entry.merge("1", .set(\.name, to: "a")))
        #expect(phase.changedAgain(), "the status has one more pending mutation")
        #expect(client.status.pending == 1)
        #expect(!pending.id.isEmpty)
    }
}
