import Larder
import Library

/// One folder of the library.
@MainActor
struct Folder {
    let client: LarderClient
    let path: String
    let files: LiveResults<File>

    /// The folder at that path; "" is what the engine serves as a whole.
    init(_ client: LarderClient, _ path: String) throws {
        let entry = client.live(File.where(\.path == path).limit(1))
        if let error = entry.error { throw error }
        guard let folder = entry.items.first else { throw Refusal.missing("there is no folder `\(path)`") }
        guard folder.isDir else { throw Refusal.missing("`\(path)` is a file and not a folder") }
        let listed = File.where(\.parentId == folder.id).include(\.tags)
            .order(by: \.isDir, .byte, .descending).order(by: \.name, .natural)
        files = client.live(listed)
        if let error = files.error { throw error }
        (self.client, self.path) = (client, path)
    }

    private func file(_ name: String) throws(Refusal) -> File {
        guard let row = files.items.first(where: { $0.name == name }) else {
            throw .missing("there is no `\(name)` in the folder")
        }
        return row.value
    }

    func rename(_ name: String, to new: String) async throws {
        try await client.rename(try file(name), to: new).settled()
    }

    func tag(_ name: String, with label: String) async throws {
        let file = try file(name)
        let known = client.live(Tag.where(\.name == label).limit(1)).items.first?.value
        let tag = try known ?? client.makeTag(label, color: "#3478f6")
        try await client.setTag(tag, on: file, true).settled()
    }
}
