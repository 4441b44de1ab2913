import Foundation
import Larder
import Library

/// Larder beside a store written by hand, in one process, by processor time.
@main
@MainActor
struct Bench {
    static func main() throws {
        print("\(Material.count) files, \(Material.array.count / 1_000_000) MB of JSON; the least of several runs, processor time")
        try bulk()
        try updates(.natural)
        try updates(.byte)
    }

    private static func bulk() throws {
        let decoding = try best(of: 3) { _ in
            let store = HandWritten(.natural)
            return try measured { try expect(try store.decodeAll(Material.array).count == Material.count) }
        }
        var mounting = Double.infinity
        let ingesting = try best(of: 3) { _ in
            let client = try LarderClient(Registry(File.self, Tag.self, Location.self, Device.self))
            let ingest = try measured { try expect(try client.apply(Material.batch).changed == Material.count) }
            mounting = min(mounting, try measured { try expect(try window(client, .natural).total == Material.count) })
            return ingest
        }
        report("ingest of \(Material.count) files", "JSONDecoder", decoding * 1e3, "Larder", ingesting * 1e3, "ms")
        report("the same, and a window of \(Material.window) of them", "JSONDecoder alone", decoding * 1e3, "Larder", (ingesting + mounting) * 1e3, "ms")
    }

    private static func updates(_ collation: Collation) throws {
        let store = HandWritten(collation)
        store.load(try store.decodeAll(Material.array))
        let client = try LarderClient(Registry(File.self, Tag.self, Location.self, Device.self))
        try client.apply(Material.batch)
        let files = try window(client, collation)

        let (runs, count) = (8, 1000)
        var (byHand, byLarder) = (Double.infinity, Double.infinity)
        for run in 0..<runs {
            let events = Material.renames(count, seed: UInt64(run))
            byHand = min(byHand, try measured { for event in events { try store.apply(event) } })
            byLarder = min(byLarder, try measured { for event in events { try client.apply(event) } })
            // Both show the same after each run.
            try expect(files.items.map(\.value) == store.window)
        }
        let perEvent = 1e6 / Double(count)
        report("one event into a window of \(Material.window), in \(collation) order", "by hand", byHand * perEvent, "Larder", byLarder * perEvent, "µs")
    }

    private static func window(_ client: LarderClient, _ collation: Collation) throws -> LiveResults<File> {
        let results = client.live(File.all.order(by: \.name, collation).limit(Material.window))
        if let error = results.error { throw error }
        return results
    }

    /// A contender that does something else is not measured.
    private static func expect(_ holds: Bool) throws {
        if !holds { throw Wrong() }
    }

    private struct Wrong: Error {}

    private static func report(_ title: String, _ other: String, _ theirs: Double, _ our: String, _ ours: Double, _ unit: String) {
        func digits(_ value: Double) -> String { String(format: "%.1f", value) }
        print("\(title): \(other) \(digits(theirs)) \(unit), \(our) \(digits(ours)) \(unit), \(digits(theirs / ours)) times faster")
    }
}
