import Foundation

/// What a mutation shows until the backend has answered.
public struct Operation: Sendable, Hashable {
    /// As the core reads it.
    public let json: JSONValue

    init(_ type: String, _ data: [String: JSONValue]) {
        json = .object(["type": .string(type), "data": .object(data)])
    }
}

/// A field of a row and what it becomes: `.set(\.name, to: "b.txt")`.
public struct Assignment<Fields: ResourceFields> {
    let path: String
    let value: any Encodable

    /// The field becomes this.
    public static func set<Value: Encodable>(_ field: KeyPath<Fields, Field<Value>>, to value: Value) -> Assignment {
        Assignment(path: Fields()[keyPath: field].path, value: value)
    }
}

extension Resource {
    /// Some fields of an entity; nothing happens where it is not there.
    public static func merge(_ id: ID, _ fields: Assignment<Fields>...) throws(LarderError) -> Operation {
        var object = JSONValue.object([:])
        for field in fields {
            object.set(field.path.split(separator: ".").map(String.init)[...], try JSONValue(encoding: field.value))
        }
        return Operation("merge", ["resource_type": .string(resourceName), "id": .string(text(of: id)), "fields": object])
    }

    /// A whole entity, created or replaced.
    public static func upsert(_ row: Self) throws(LarderError) -> Operation {
        Operation("upsert", ["resource_type": .string(resourceName), "resource": try JSONValue(encoding: row)])
    }

    /// An entity gone.
    public static func delete(_ id: ID) -> Operation {
        Operation("delete", ["resource_type": .string(resourceName), "id": .string(text(of: id))])
    }

    static func text(of id: ID) -> String {
        if case .string(let text) = id.json { text } else { id.json.text }
    }
}

extension JSONValue {
    init(encoding value: any Encodable) throws(LarderError) {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(try JSONRow.encode(value).utf8))
        } catch {
            throw LarderError(any: error)
        }
    }

    fileprivate mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
        guard let key = path.first else { return self = value }
        var members: [String: JSONValue] = [:]
        if case .object(let present) = self { members = present }
        var member = members[key] ?? .object([:])
        member.set(path.dropFirst(), value)
        members[key] = member
        self = .object(members)
    }
}

/// A mutation that was made. It goes on whether anybody waits for it or not.
@MainActor
public struct MutationHandle: Sendable {
    /// Its id, unique for ever.
    public let id: String
    let outcome: Outcome<Void>

    /// Waits until the backend's outcome is in the cache; throws `LarderError.backend` with its kind if it refused.
    public func settled() async throws {
        try await outcome.value()
    }
}

extension LarderClient {
    /// Makes a mutation: shown at once, sent when there is a connection, undone if the backend refuses it.
    ///
    /// ```swift
    /// let rename = try client.mutate("files.rename", ["id": id, "name": name], File.merge(id, .set(\.name, to: name)))
    /// try await rename.settled()
    /// ```
    @discardableResult
    public func mutate(_ name: String, _ args: some Encodable, _ optimistic: Operation...) throws(LarderError) -> MutationHandle {
        try mutate(name, args, id: UUID().uuidString.lowercased(), optimistic)
    }

    /// As `mutate`, with an id of the app's own: the same id sent again has no second effect.
    @discardableResult
    public func mutate(_ name: String, _ args: some Encodable, id: String, _ optimistic: [Operation]) throws(LarderError) -> MutationHandle {
        let mutation: JSONValue = [
            "id": .string(id), "name": .string(name), "args": try JSONValue(encoding: args), "optimistic": .array(optimistic.map(\.json)),
        ]
        let outcome = mutations[id] ?? Outcome()
        let wasThere = mutations.updateValue(outcome, forKey: id) != nil
        do {
            try call { try $0.mutate(mutation: mutation.text) }
        } catch {
            if !wasThere { mutations[id] = nil }
            throw error
        }
        return MutationHandle(id: id, outcome: outcome)
    }

    /// The backend did it, and its event has this sequence. For apps with a connection of their own.
    public func acknowledge(_ id: String, sequence: UInt64? = nil) throws(LarderError) {
        try call { try $0.ack(id: id, sequence: sequence) }
    }

    /// The backend refused it. For apps with a connection of their own.
    public func reject(_ id: String, kind: String, message: String) throws(LarderError) {
        try call { try $0.reject(id: id, kind: kind, message: message) }
    }

    /// Asks the backend something over the connection. Without one, it waits for one, or until the task is cancelled.
    public func query<Answer: Decodable & Sendable>(_ method: String, _ input: some Encodable, as type: Answer.Type = Answer.self) async throws -> Answer {
        let id = UUID().uuidString.lowercased()
        let outcome = Outcome<String>()
        questions[id] = outcome
        defer { questions[id] = nil }
        let text = try JSONRow.encode(input)
        try call { try $0.ask(id: id, method: method, input: text) }
        let answer = try await outcome.value()
        return try Data(answer.utf8).withUnsafeBytes { try JSONRow.decode(type, from: $0) }
    }
}
