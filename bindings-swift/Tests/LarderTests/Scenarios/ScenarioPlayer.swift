import Foundation
@testable import Larder
import LarderCore
import Testing

/// Takes the steps of one scenario on the core and the mirror of this package.
@MainActor
final class ScenarioPlayer {
    private static let actions: Set = [
        "apply", "applyBytes", "mount", "unmount", "mutate", "ack", "reject", "pin", "unpin",
        "connect", "connected", "receive", "disconnected", "tick", "disconnect",
    ]
    private static let expectations: Set = [
        "error", "refused", "sent", "settled", "events", "connection",
        "applied", "shows", "notified", "same", "status", "pending", "stats", "wakeAt",
    ]

    private let core: Steps
    private let mirror: Mirror
    private let idFields: [String: String]
    private var queries: [String: (number: UInt32, list: ShownList, type: String)] = [:]
    private var now: UInt64 = 0

    init(_ scenario: JSONValue, rowEncoding: String) throws {
        var config = scenario["config"].members
        config["rowEncoding"] = .string(rowEncoding)
        core = try Steps(registry: scenario["registry"].text, config: JSONValue.object(config).text)
        mirror = Mirror(makeTable: Registry(json: scenario["registry"]).makeTable)
        let types = scenario["registry"]["types"].elements
        idFields = Dictionary(types.map { ($0["name"].string, $0["id"] == .null ? "id" : $0["id"].string) }) { $1 }
    }

    func play(_ step: JSONValue, at place: String) throws {
        let keys = Set(step.members.keys)
        #expect(keys.subtracting(["about", "at"]).isSubset(of: Self.actions.union(Self.expectations)), "\(place) unknown keys")
        let action = try #require(keys.intersection(Self.actions).first, "\(place) no action")
        #expect(keys.intersection(Self.actions).count == 1, "\(place) a step is one action")
        if case .integer(let at) = step["at"] { now = UInt64(at) }

        let before = queries.mapValues(\.list.result)
        let list = ShownList()
        let (verb, bytes) = input(action, step[action])
        let outcome = try core.take(action: verb, input: bytes, atMs: now)
        var told: Set<ObjectIdentifier> = []
        if action == "mount", let value = outcome.value, let number = UInt32(value) {
            let (name, query) = (step[action]["name"].string, step[action]["query"])
            #expect(queries[name] == nil, "\(place) \(name) is mounted already")
            queries[name] = (number, list, query["from"].string)
            mirror.expect(list, as: number)
            mirror.mounted(number)
        } else if action == "unmount" {
            let unmounted = queries.removeValue(forKey: step[action].string)
            mirror.unmounted(try #require(unmounted).number)
        }
        try outcome.patch?.withUnsafeBytes { bytes in
            try mirror.apply(bytes, report: { Issue.record("\(place) \($0)") }) { told.insert(ObjectIdentifier($0)) }
        }
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
        case "mount": return (action, Data(value["query"].text.utf8))
        case "unmount": return (action, Data(String(queries[value.string]?.number ?? 0).utf8))
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
            case "refused": heard["refused", default: []].append(data["kind"])
            case "send": heard["sent", default: []].append(JSONValue(parsing: data.string) ?? .null)
            case "settled":
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
