import Foundation
@testable import Larder
import Testing

/// The patches that every language reads (`tests/golden/patch/README.md`).
@MainActor
struct GoldenPatchTests {
    @Test(arguments: try Repository.files(in: "tests/golden/patch", ending: ".json"))
    func jsonRowsShowWhatTheDescriptionSays(file: URL) throws {
        try check(file) { _ in .json(idField: "id") }
    }

    @Test(arguments: try Repository.files(in: "tests/golden/patch/packed", ending: ".json"))
    func packedRowsShowWhatTheDescriptionSays(file: URL) throws {
        try check(file) { layout in
            let reading = LayoutReading(layout)
            let plain = RowKind.json(idField: "id")
            return RowKind(
                decode: { row, slot in
                    guard case .packed(let bytes) = row else { return try plain.decode(row, slot) }
                    let json = try reading.row(bytes)
                    let id = json["id"]
                    if case .string(let text) = id { return JSONEntity(id: text, json: json) }
                    return JSONEntity(id: id.text, json: json)
                },
                include: plain.include)
        }
    }

    @Test func thereAreGoldenPatches() throws {
        #expect(try Repository.files(in: "tests/golden/patch", ending: ".json").count >= 18)
        #expect(try Repository.files(in: "tests/golden/patch/packed", ending: ".json").count >= 9)
    }

    private func check(_ file: URL, _ kind: @escaping (JSONValue) -> RowKind<JSONEntity>) throws {
        let description = try #require(JSONValue(parsing: String(contentsOf: file, encoding: .utf8)))
        let layouts = description["layouts"].elements
        let mirror = Mirror { number in TypedTable(kind(number < layouts.count ? layouts[number] : .null)) }
        var lists: [String: ShownList] = [:]
        #expect(!description["steps"].elements.isEmpty)
        for step in description["steps"].elements {
            for query in step["queries"].elements.map(\.["query"]) where lists[query.text] == nil {
                let list = ShownList()
                lists[query.text] = list
                let number = try #require(UInt32(query.text))
                mirror.expect(list, as: number)
                mirror.mounted(number)
            }
            let before = lists.mapValues(\.result)
            let bytes = try Data(contentsOf: file.deletingLastPathComponent().appendingPathComponent(step["patch"].string))
            var (faults, changed) = ([LarderError](), Set<ObjectIdentifier>())
            try bytes.withUnsafeBytes { bytes in
                try mirror.apply(bytes, report: { faults.append($0) }) { changed.insert(ObjectIdentifier($0)) }
            }
            let misfits = step["rows"].elements.compactMap { if case .string(let message) = $0["misfit"] { message } else { nil } }
            #expect(faults.map(\.message) == misfits)
            for (query, list) in lists {
                let result = list.result
                let shows = step["shows"][query]
                #expect(.integer(Int64(result.total)) == shows["total"], "\(file.lastPathComponent)")
                if shows["aggregates"] != .null { #expect(result.aggregates == shows["aggregates"], "\(file.lastPathComponent)") }
                #expect(result.rows.map(\.json) == shows["data"].elements, "\(file.lastPathComponent)")
                let isOther = !result.isSame(before[query] ?? Shown())
                #expect(changed.contains(ObjectIdentifier(list)) == isOther, "\(file.lastPathComponent)")
            }
        }
    }
}
