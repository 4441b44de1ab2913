import Foundation
@testable import Larder
import LarderCore
import Testing

/// Takes the steps of one scenario on the core and the mirror of this package.
@MainActor
final class ScenarioPlayer {
    private static let actions: Set = [
        "apply", "applyBytes", "mount", "mountRemote", "refetch", "nextPage", "invalidate", "unmount",
        "mutate", "ack", "reject", "pin", "unpin", "retry", "discard", "restart",
        "connect", "connected", "receive", "disconnected", "tick", "disconnect",
    ]
    private static let expectations: Set = [
        "error", "refused", "sent", "settled", "events", "connection",
        "applied", "shows", "remote", "notified", "same", "status", "pending", "stats", "wakeAt",
    ]

    private let core: Steps
    private let newMirror: () -> Mirror
    private var mirror: Mirror
    private let idFields: [String: String]
    private var queries: [String: (number: UInt32, list: ShownList, type: String)] = [:]
    /// Mutations that somebody waits for.
    private var made: Set<String> = []
    private var now: UInt64 = 0

    init(_ scenario: JSONValue, rowEncoding: String) throws {
        var config = scenario["config"].members
        config["rowEncoding"] = .string(rowEncoding)
        core = try Steps(registry: scenario["registry"].text, config: JSONValue.object(config).text, hasStorage: scenario["storage"] == true)
        let registry = Registry(json: scenario["registry"])
        newMirror = { Mirror(makeTable: registry.makeTable) }
        mirror = newMirror()
        let types = scenario["registry"]["types"].elements
        idFields = Dictionary(types.map { ($0["name"].string, $0["id"] == .null ? "id" : $0["id"].string) }) { $1 }
    }

    func play(_ step: JSONValue, at place: String) throws {
        let keys = Set(step.members.keys)
        #expect(keys.subtracting(["about", "at"]).isSubset(of: Self.actions.union(Self.expectations)), "\(place) unknown keys")
        let action = try #require(keys.intersection(Self.actions).first, "\(place) no action")
        #expect(keys.intersection(Self.actions).count == 1, "\(place) a step is one action")
        if case .integer(let at) = step["at"] { now = UInt64(at) }

        if action == "restart" { (queries, mirror, made) = ([:], newMirror(), []) }
        if action == "mutate" { made.insert(step[action]["id"].string) }
        let before = queries.mapValues(\.list.result)
        let list = ShownList()
        let (verb, bytes) = input(action, step[action])
        let outcome = try core.take(action: verb, input: bytes, atMs: now)
        var told: Set<ObjectIdentifier> = []
        if action == "mount" || action == "mountRemote", let value = outcome.value, let number = UInt32(value) {
            let (name, query) = (step[action]["name"].string, step[action]["query"])
            #expect(queries[name] == nil, "\(place) \(name) is mounted already")
            queries[name] = (number, list, query["from"].string)
            mirror.expect(list, as: number)
            mirror.mounted(number)
        } else if action == "unmount" {
            let unmounted = queries.removeValue(forKey: step[action].string)
            mirror.unmounted(try #require(unmounted).number)
        }
        for patch in outcome.patches {
            try patch.withUnsafeBytes { bytes in
                try mirror.apply(bytes, report: { Issue.record("\(place) \($0)") }) { told.insert(ObjectIdentifier($0)) }
            }
        }
        standing(outcome.effects)
        let after = queries.mapValues(\.list.result)

        // What is wrong with a message of the connection is an effect as well, and that is what a host sees.
        let error = action == "receive" ? nil : outcome.error
        #expect(step["error"] == error.map(JSONValue.string) ?? .null, "\(place) error")
        checkEffects(step, outcome.effects, place)
        checkState(step, place)
        if step["applied"] != .null {
            let none: [String: JSONValue] = ["changed": 0, "stale": 0, "duplicate": false, "held": false]
            let expected = none.merging(step["applied"].members) { $1 }
            #expect(outcome.value.flatMap { JSONValue(parsing: $0) } == .object(expected), "\(place) applied")
        }
        checkResults(step, before, after, told, outcome.error != nil, place)
        for (query, expected) in step["remote"].members { checkStanding(query, expected.members, place) }
    }

    /// Tells lists how their remote queries stand, as a client does.
    private func standing(_ effects: String) {
        for effect in JSONValue(parsing: effects)?.elements ?? [] where effect["type"] == "remote" {
            let data = effect["data"]
            guard case .integer(let query) = data["query"] else { continue }
            var total: UInt64?
            if case .integer(let number) = data["backendTotal"] { total = UInt64(number) }
            let error = data["error"] == .null ? nil : Failure.Refused(kind: data["error"]["kind"].string, message: data["error"]["message"].string)
            _ = mirror.stand(
                RemoteStanding(
                    query: UInt32(query), status: data["status"].string, isFetching: data["isFetching"] == true, isStale: data["isStale"] == true,
                    error: error, hasNextPage: data["hasNextPage"] == true, backendTotal: total))
        }
    }

    private func checkStanding(_ query: String, _ expected: [String: JSONValue], _ place: String) {
        guard let standing = queries[query]?.list.standing else { return #expect(Bool(false), "\(place) \(query) is no remote query") }
        let found: [String: JSONValue] = [
            "status": .string(standing.status), "isFetching": .bool(standing.isFetching), "isStale": .bool(standing.isStale),
            "error": standing.error.map { .string(LarderError($0).kind) } ?? .null, "hasNextPage": .bool(standing.hasNextPage),
            "backendTotal": standing.backendTotal.map { .integer(Int64($0)) } ?? .null,
        ]
        for (key, value) in expected { #expect(found[key] == value, "\(place) \(key) of \(query)") }
    }

    /// What the action is given: the text of an event is itself, any other value stands for its text.
    private func input(_ action: String, _ value: JSONValue) -> (String, Data) {
        switch action {
        case "apply", "receive":
            if case .string(let text) = value { return (action, Data(text.utf8)) }
            return (action, Data(value.text.utf8))
        case "applyBytes":
            let bytes = value.elements.compactMap { if case .integer(let byte) = $0 { UInt8(exactly: byte) } else { nil } }
            return ("apply", Data(bytes))
        case "mount", "mountRemote": return (action, Data(value["query"].text.utf8))
        case "retry", "discard": return (action, Data(value.string.utf8))
        case "unmount", "refetch", "nextPage": return (action, Data(String(queries[value.string]?.number ?? 0).utf8))
        default: return (action, Data(value.text.utf8))
        }
    }

    private func id(_ query: String, _ row: ShownRow) -> String {
        let id = row.json[idFields[queries[query]?.type ?? ""] ?? "id"]
        if case .string(let text) = id { return text }
        return id.text
    }

    private func checkResults(
        _ step: JSONValue, _ before: [String: Shown], _ after: [String: Shown], _ told: Set<ObjectIdentifier>, _ failed: Bool, _ place: String
    ) {
        for (query, expected) in step["shows"].members {
            let result = after[query] ?? Shown()
            #expect(.integer(Int64(result.total)) == expected["total"], "\(place) total of \(query)")
            if expected["complete"] != .null { #expect(.bool(!result.isPartial) == expected["complete"], "\(place) complete of \(query)") }
            if expected["data"] != .null { #expect(result.rows.map(\.json) == expected["data"].elements, "\(place) \(query)") }
            if expected["aggregates"] != .null { #expect(result.aggregates == expected["aggregates"], "\(place) aggregates of \(query)") }
            if expected["ids"] != .null { #expect(result.rows.map { id(query, $0) } == expected["ids"].elements.map(\.string), "\(place) \(query)") }
        }
        let known = after.filter { before[$0.key] != nil }
        let others = known.filter { !$0.value.isSame(before[$0.key] ?? Shown()) }.map(\.key).sorted()
        let notified = known.filter { !$0.value.showsTheSame(before[$0.key] ?? Shown()) }.map(\.key).sorted()
        let tellers = known.keys.filter { queries[$0].map { told.contains(ObjectIdentifier($0.list)) } ?? false }.sorted()
        #expect(tellers == others, "\(place) told of each change, and of nothing else")
        #expect(!failed || notified.isEmpty, "\(place) refused and yet changed")
        if step["notified"] != .null { #expect(notified == step["notified"].elements.map(\.string).sorted(), "\(place) notified") }
        for (query, expected) in step["same"].members {
            let old = before[query]?.rows ?? []
            let same = (after[query]?.rows ?? []).filter { row in old.contains { $0.isSame(row) } }
            #expect(same.map { id(query, $0) } == expected.elements.map(\.string), "\(place) same objects in \(query)")
        }
    }

    private func checkEffects(_ step: JSONValue, _ effects: String, _ place: String) {
        var heard: [String: [JSONValue]] = [:]
        var wakeAt: JSONValue?
        for effect in JSONValue(parsing: effects)?.elements ?? [] {
            let data = effect["data"]
            switch effect["type"].string {
            case "refused", "storage": heard["refused", default: []].append(data["kind"])
            case "send": heard["sent", default: []].append(JSONValue(parsing: data.string) ?? .null)
            case "settled" where made.contains(data["id"].string):
                var settled: [String: JSONValue] = ["id": data["id"]]
                if data["rejection"] != .null { settled["rejection"] = data["rejection"]["kind"] }
                heard["settled", default: []].append(.object(settled))
            case "event": heard["events", default: []].append(data)
            case "connect", "disconnect": heard["connection", default: []].append(effect["type"])
            case "wake_at": wakeAt = data
            default: break
            }
        }
        for key in ["refused", "sent", "settled", "events", "connection"] {
            #expect(heard[key] ?? [] == step[key].elements, "\(place) \(key)")
        }
        if step["wakeAt"] != .null { #expect(wakeAt == step["wakeAt"], "\(place) wakeAt") }
    }

    private func checkState(_ step: JSONValue, _ place: String) {
        let state = JSONValue(parsing: core.state()) ?? .null
        for (key, expected) in step["status"].members { #expect(state["status"][key] == expected, "\(place) status.\(key)") }
        for (key, expected) in step["stats"].members { #expect(state["stats"][key] == expected, "\(place) stats.\(key)") }
        if step["pending"] != .null { #expect(state["pending"].elements == step["pending"].elements, "\(place) pending") }
    }
}
