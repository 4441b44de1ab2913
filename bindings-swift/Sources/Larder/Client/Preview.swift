extension LarderClient {
    /// A client in memory with these rows in it, for previews and tests: it has no connection, and mutations stay pending.
    ///
    /// ```swift
    /// #Preview { Folder().larder(.preview(Registry(File.self, Tag.self), [File.sample(readme)])) }
    /// ```
    public static func preview(_ registry: Registry, _ rows: [Operation]) -> LarderClient {
        do {
            let client = try LarderClient(registry)
            try client.mutate("preview", [String: String](), id: "preview", rows)
            return client
        } catch {
            preconditionFailure("the preview cannot be made: \(error)")
        }
    }
}

extension Resource {
    /// As `upsert`, for rows that are known to be well-formed: samples of previews.
    public static func sample(_ row: Self) -> Operation {
        do {
            return try upsert(row)
        } catch {
            preconditionFailure("a sample cannot be written as JSON: \(error)")
        }
    }
}
