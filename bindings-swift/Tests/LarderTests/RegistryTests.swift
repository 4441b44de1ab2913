import Larder
import Testing

/// Registries that are written by hand in Swift have the checks that those in other languages have.
@MainActor
struct RegistryTests {
    private struct Labelled: Resource {
        let id: Int64
        var label: String

        static let resourceName = "labelled"
        static let resourceType = ResourceType("labelled", version: "id")
        struct Fields: ResourceFields {
            let label = Field<String>("label")
        }
    }

    private func refusal(_ registry: Registry) -> String? {
        do {
            _ = try LarderClient(registry)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func aRegistryThatContradictsItselfIsRefused() {
        #expect(refusal(Registry(Entry.self, Mark.self)) == nil)
        #expect(refusal(Registry(Mark.self, Mark.self)) == "registry.duplicate_type")
        #expect(refusal(Registry(Entry.self)) == "registry.unknown_relation_target")
        #expect(refusal(Registry(Labelled.self)) == "registry.version_is_id")
        #expect(refusal(Registry(json: ["types": [["name": ""]]])) == "registry.empty_name")
        #expect(refusal(Registry(json: ["kinds": []])) == "registry.malformed")
    }

    @Test func aRegistryMayBeDataAndItsRowsAreJSON() throws {
        let client = try LarderClient(Registry(json: ["types": [["name": "song", "id": "number"], ["name": "artist"]]]))
        let songs = client.live(json: ["from": "song", "where": ["year": ["gt": 1990]], "orderBy": [["title": "asc"]]])
        try client.apply(Event.batch("song", [["number": 7, "title": "b", "year": 1999], ["number": 8, "title": "a", "year": 1970]]))
        #expect(songs.items.map(\.id) == ["7"])
        #expect(songs.items.first?.value["title"] == "b")
    }

    @Test func aPreviewShowsItsSamples() {
        let sample = Mark(id: "r", name: "red", look: nil)
        let client = LarderClient.preview(Registry(Entry.self, Mark.self), [Mark.sample(sample)])
        #expect(client.live(Mark.all).values == [sample])
        #expect(client.status.phase == .offline)
    }
}
