import Foundation
import Larder
import Library

/// What somebody writes without a cache: `JSONDecoder`, a dictionary, and the window sorted again after each change.
final class HandWritten {
    private struct Event: Decodable {
        struct Changed: Decodable {
            let resource: File
        }
        let ResourceChanged: Changed
    }

    private let decoder = JSONDecoder()
    private var files: [UUID: File] = [:]
    private(set) var window: [File] = []

    private let isBefore: (File, File) -> Bool

    init(_ collation: Collation) {
        isBefore = switch collation {
        case .byte: { $0.name < $1.name }
        // As people sort, and Finder does.
        case .natural: { $0.name.localizedStandardCompare($1.name) == .orderedAscending }
        }
        // Reading the digits where they are is many times faster than `.iso8601`.
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = Array(try decoder.singleValueContainer().decode(String.self).utf8)
            guard text.count == 20 else { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no moment")) }
            func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(text[$1]) - 48 } }
            var time = tm()
            (time.tm_year, time.tm_mon, time.tm_mday) = (Int32(number(0..<4) - 1900), Int32(number(5..<7) - 1), Int32(number(8..<10)))
            (time.tm_hour, time.tm_min, time.tm_sec) = (Int32(number(11..<13)), Int32(number(14..<16)), Int32(number(17..<19)))
            return Date(timeIntervalSince1970: Double(timegm(&time)))
        }
    }

    func decodeAll(_ array: Data) throws -> [File] {
        try decoder.decode([File].self, from: array)
    }

    func load(_ all: [File]) {
        files = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        window = Array(all.sorted(by: isBefore).prefix(Material.window))
    }

    func apply(_ event: Data) throws {
        let file = try decoder.decode(Event.self, from: event).ResourceChanged.resource
        files[file.id] = file
        if let place = window.firstIndex(where: { $0.id == file.id }) {
            window[place] = file
        } else if let last = window.last, isBefore(file, last) {
            window.append(file)
        } else {
            return
        }
        window.sort(by: isBefore)
        if window.count > Material.window { window.removeLast() }
    }
}
