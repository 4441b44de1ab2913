import Foundation
import Larder

/// What people do to files: each shows at once, and is taken back if the engine refuses.
extension LarderClient {
    /// Gives a file another name.
    @discardableResult
    public func rename(_ file: File, to name: String) throws(LarderError) -> MutationHandle {
        try mutate("files.rename", ["id": file.id.text, "name": name], File.merge(file.id, .set(\.name, to: name)))
    }

    /// Marks a file as a favorite, or no longer.
    @discardableResult
    public func setFavorite(_ file: File, _ favorite: Bool) throws(LarderError) -> MutationHandle {
        let args: JSONValue = ["id": .string(file.id.text), "favorite": .bool(favorite)]
        return try mutate("files.favorite", args, File.merge(file.id, .set(\.favorite, to: favorite)))
    }

    /// Puts a tag on a file, or takes it off.
    @discardableResult
    public func setTag(_ tag: Tag, on file: File, _ isOn: Bool) throws(LarderError) -> MutationHandle {
        let others = file.tagIds.filter { $0 != tag.id }
        let shown = try File.merge(file.id, .set(\.tagIds, to: isOn ? others + [tag.id] : others))
        return try mutate(isOn ? "tags.apply" : "tags.remove", ["file_id": file.id.text, "tag_id": tag.id], shown)
    }

    /// Makes a tag. What is done with it afterwards is sent after it, so nobody need wait.
    public func makeTag(_ name: String, color: String) throws(LarderError) -> Tag {
        let tag = Tag(id: UUID().text, name: name, color: color, version: 0)
        try mutate("tags.create", ["id": tag.id, "name": name, "color": color], Tag.upsert(tag))
        return tag
    }
}

extension UUID {
    /// As the engine writes it.
    fileprivate var text: String { uuidString.lowercased() }
}
