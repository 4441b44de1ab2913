import Foundation
import Larder

/// As the generator writes it from a Rust struct.
struct Entry: Resource {
    let id: String
    var name: String
    var parentId: String?
    var size: Int64
    var tags: [String]
    var includedTags: [Mark] = []

    enum CodingKeys: String, CodingKey {
        case id, name, size, tags
        case parentId = "parent_id"
    }

    static let resourceName = "file"
    static let resourceType = ResourceType(
        json: """
            {"name":"file","version":"version","relations":{"tags":{"to":"tag","kind":"many","field":"tags"}},
             "layout":[{"name":"id","type":"text"},{"name":"name","type":"text"},{"name":"parent_id","type":{"optional":"text"}},
             {"name":"size","type":"int"},{"name":"tags","type":{"list":"text"}}]}
            """)

    struct Fields: ResourceFields {
        let id = Field<String>("id")
        let name = Field<String>("name")
        let parentId = Field<String?>("parent_id")
        let size = Field<Int64>("size")
        let tags = Field<[String]>("tags")
        let includedTags = Relation<Mark>("tags")
    }

    init(from reader: inout PackedReader) throws {
        id = reader.text()
        name = reader.text()
        parentId = reader.optional { $0.text() }
        size = reader.int()
        tags = reader.list { $0.text() }
    }

    mutating func include(_ relation: String, _ value: IncludedValue) {
        if relation == "tags" { includedTags = value.many() }
    }

    init(id: String, name: String, parentId: String? = nil, size: Int64 = 0, tags: [String] = []) {
        (self.id, self.name, self.parentId, self.size, self.tags) = (id, name, parentId, size, tags)
    }
}
