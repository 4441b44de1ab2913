/// What each note of the core changes here.
extension LarderClient {
    func take(_ note: Inbox.Note, _ bytes: [UInt8], _ changed: inout [ObjectIdentifier: any MirroredList]) {
        switch note {
        case .patch(let range):
            do {
                try bytes.withUnsafeBytes { bytes in
                    try mirror.apply(UnsafeRawBufferPointer(rebasing: bytes[range]), report: { news.errors.tell($0) }) {
                        changed[ObjectIdentifier($0)] = $0
                    }
                }
            } catch {
                news.errors.tell(LarderError(any: error))
            }
        case .mounted(let query): mirror.mounted(query)
        case .unmounted(let query): mirror.unmounted(query)
        case .status(let status): self.status = Status(status)
        case .remote(let standing):
            if let list = mirror.stand(standing) { changed[ObjectIdentifier(list)] = list }
        case .settled(let id, let failure):
            mutations.removeValue(forKey: id)?.settle(failure.map { .failure(LarderError($0)) } ?? .success(()))
        case .answered(let id, let answer):
            questions.removeValue(forKey: id)?.settle(answer.mapError { LarderError($0) })
        case .event(let json): news.events.tell(JSONValue(parsing: json) ?? .null)
        case .error(let failure): news.errors.tell(LarderError(failure))
        case .closed: end()
        }
    }

    /// Whoever waits for something learns that it will not come.
    private func end() {
        isClosed = true
        status.phase = .offline
        let closed = LarderError.client(kind: "client.closed", message: "the client was closed before this was done; open another one")
        mutations.values.forEach { $0.settle(.failure(closed)) }
        questions.values.forEach { $0.settle(.failure(closed)) }
        (mutations, questions) = ([:], [:])
        mirror.end()
        news.events.end()
        news.errors.end()
    }
}
