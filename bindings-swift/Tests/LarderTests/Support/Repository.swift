import Foundation

/// Files that more than one language is tested with.
enum Repository {
    static let root = ProcessInfo.processInfo.environment["LARDER_REPOSITORY"].map { URL(fileURLWithPath: $0) }
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../..").standardizedFileURL

    /// The files of a folder of it with this ending, by name.
    static func files(in folder: String, ending: String) throws -> [URL] {
        let all = try FileManager.default.contentsOfDirectory(at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return all.filter { $0.lastPathComponent.hasSuffix(ending) }.sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
