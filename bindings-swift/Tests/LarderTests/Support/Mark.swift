import Larder

/// As somebody writes it whose backend is not in Rust: rows come as JSON and are read by `Decodable`.
struct Mark: Resource {
    let id: String
    var name: String
    var look: Look?

    struct Look: Codable, Hashable, Sendable, FieldGroup {
        var color: String

        struct Fields: ResourceFields {
            let color = Field<String>("color")
        }
    }

    static let resourceName = "tag"

    struct Fields: ResourceFields {
        let id = Field<String>("id")
        let name = Field<String>("name")
        let look = Field<Look?>("look")
    }
}
