import Larder

/// Events as a backend sends them.
enum Event {
    static func changed(_ type: String, _ resource: JSONValue) -> String {
        JSONValue.object(["ResourceChanged": ["resource_type": .string(type), "resource": resource]]).text
    }

    static func batch(_ type: String, _ resources: [JSONValue]) -> String {
        JSONValue.object(["ResourceChangedBatch": ["resource_type": .string(type), "resources": .array(resources)]]).text
    }

    static func deleted(_ type: String, _ id: String) -> String {
        JSONValue.object(["ResourceDeleted": ["resource_type": .string(type), "resource_id": .string(id)]]).text
    }

    static func file(_ id: String, _ name: String, parent: String? = "root", size: Int64 = 0, tags: [String] = []) -> JSONValue {
        [
            "id": .string(id), "name": .string(name), "parent_id": parent.map(JSONValue.string) ?? .null, "size": .integer(size),
            "tags": .array(tags.map(JSONValue.string)),
        ]
    }
}
