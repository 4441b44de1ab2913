import Larder

/// What descriptions of tests are made of; a wrong one shows as something empty, which no expectation is.
extension JSONValue {
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    var string: String {
        if case .string(let string) = self { string } else { "" }
    }
}
