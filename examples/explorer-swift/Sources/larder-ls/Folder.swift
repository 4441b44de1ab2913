import Foundation
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

    /// Gives a file another name: shown at once, and taken back if the engine refuses.
    func rename(_ name: String, to new: String) async throws {
        let file = try file(name)
        let args = ["id": file.id.uuidString.lowercased(), "name": new]
        try await client.mutate("files.rename", args, File.merge(file.id, .set(\.name, to: new))).settled()
    }

    /// Puts a tag on a file.
    func tag(_ name: String, with label: String) async throws {
        let file = try file(name)
        let tag = try tag(label)
        guard !file.tagIds.contains(tag) else { return }
        let args = ["file_id": file.id.uuidString.lowercased(), "tag_id": tag]
        try await client.mutate("tags.apply", args, File.merge(file.id, .set(\.tagIds, to: file.tagIds + [tag]))).settled()
    }

    /// The id of the tag of that name, which is made if there is none.
    private func tag(_ name: String) throws -> String {
        if let tag = client.live(Tag.where(\.name == name).limit(1)).items.first { return tag.id }
        let tag = Tag(id: UUID().uuidString.lowercased(), name: name, color: "#3478f6", version: 0)
        // What comes after it is sent after it, so nobody need wait.
        try client.mutate("tags.create", ["id": tag.id, "name": tag.name, "color": tag.color], Tag.upsert(tag))
        return tag.id
    }
}
