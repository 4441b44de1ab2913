import Foundation

/// Files of a library as JSON, about 500 bytes each, and events that change them.
struct Material {
    static let count = 100_000
    static let window = 100

    /// A name for each file; those of the window are in front.
    static func name(_ index: Int, _ suffix: String = "") -> String {
        let digits = String(index)
        return "holiday \(String(repeating: "0", count: 6 - digits.count))\(digits)\(suffix).jpg"
    }

    static func id(_ index: Int) -> String {
        let hex = String(index, radix: 16)
        return "0190c0de-0000-7000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
    }

    static func file(_ index: Int, name: String, version: Int) -> String {
        """
        {"id":"\(id(index))","location_id":"\(id(1))","parent_id":"\(id(2))","name":"\(name)","extension":"jpg","kind":"image",\
        "is_dir":false,"size":\(index * 977),"path":"library/folder \(index % 100)/\(name)","modified_at":"2026-03-17T10:05:34Z",\
        "created_at":"2025-11-17T10:05:34Z","favorite":false,"tag_ids":["\(id(7))","\(id(8))"],"version":\(version)}
        """
    }

    /// All files, as the array that a hand-written store would be given.
    static let array = Data(("[" + (0..<count).map { file($0, name: name($0), version: 1) }.joined(separator: ",") + "]").utf8)

    /// The same in the event that Larder is given.
    static let batch: Data = {
        var event = Data(#"{"ResourceChangedBatch":{"resource_type":"file","resources":"#.utf8)
        event.append(array)
        event.append(Data("}}".utf8))
        return event
    }()

    /// Renames of files of the window, to places in it that a seeded generator chooses: every one moves a row.
    static func renames(_ count: Int, seed: UInt64) -> [Data] {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return (0..<count).map { number in
            let index = next(window - 1)
            let new = name(next(window - 1), "-\(number)")
            let resource = file(index, name: new, version: 2 + Int(seed) * count + number)
            return Data(#"{"ResourceChanged":{"resource_type":"file","resource":\#(resource)}}"#.utf8)
        }
    }
}
