/// A question to the backend whose answer is kept as a list of live rows: a method, its input, and what is shown of the answer.
///
/// ```swift
/// File.all.include(\.tags).answered(by: "files.search", ["text": text])
/// ```
public struct RemoteRequest<Row: Resource>: Sendable, Hashable {
    /// Whether an answer that is cached will do.
    public enum Policy: String, Sendable {
        /// What is cached is shown; the backend is asked only if there is nothing, or what there is has expired.
        case cacheFirst = "cache_first"
        /// What is cached is shown, and the backend is asked as well, also when it expires.
        case staleWhileRevalidate = "stale_while_revalidate"
        /// Nothing is shown before the backend has answered.
        case networkOnly = "network_only"
        /// What is cached is shown; the backend is never asked.
        case cacheOnly = "cache_only"
    }

    /// As every language writes it.
    public let json: JSONValue
    /// Why it cannot be asked.
    let refusal: LarderError?

    /// So many milliseconds an answer is good for, whatever the backend says.
    public func ttl(_ milliseconds: Int) -> Self {
        setting("ttl", .integer(Int64(milliseconds)))
    }

    /// Whether an answer that is cached will do; without it, `cacheFirst`.
    public func policy(_ policy: Policy) -> Self {
        setting("policy", .string(policy.rawValue))
    }

    private func setting(_ key: String, _ value: JSONValue) -> Self {
        guard case .object(var members) = json else { return self }
        members[key] = value
        return Self(json: .object(members), refusal: refusal)
    }
}

extension Query {
    /// What this method of the backend answers to this input, in the backend's order unless the query has one. With a filter, rows
    /// that come to match it by events join the answer.
    public func answered(by method: String, _ input: some Encodable) -> RemoteRequest<Row> {
        do {
            return answered(by: method, try JSONValue(encoding: input))
        } catch {
            return RemoteRequest(json: json, refusal: error)
        }
    }

    /// As `answered` with a value of any type.
    public func answered(by method: String, _ input: JSONValue = .null) -> RemoteRequest<Row> {
        guard case .object(var members) = json else { return RemoteRequest(json: json, refusal: nil) }
        members["method"] = .string(method)
        members["input"] = input
        return RemoteRequest(json: .object(members), refusal: nil)
    }
}
