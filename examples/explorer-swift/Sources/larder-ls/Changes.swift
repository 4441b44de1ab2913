import Library

/// What became of a folder between two moments, a line for each file, in the order of the list.
struct Changes {
    let lines: [String]

    init(from before: [File], to now: [File]) {
        var gone = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
        var lines: [String] = []
        for file in now {
            guard let old = gone.removeValue(forKey: file.id) else {
                lines.append("added    \(file.line)")
                continue
            }
            if old.name != file.name { lines.append("renamed  \(old.shownName) -> \(file.shownName)") }
            if (old.size, old.tagNames) != (file.size, file.tagNames) { lines.append("changed  \(file.line)") }
        }
        lines += before.filter { gone[$0.id] != nil }.map { "removed  \($0.shownName)" }
        self.lines = lines
    }
}

extension File {
    /// Folders end with a slash.
    var shownName: String { isDir ? name + "/" : name }

    var tagNames: [String] { tags?.map(\.name) ?? [] }

    /// Size, name and tags.
    var line: String {
        let size = isDir ? "" : Self.text(ofSize: size)
        let padding = String(repeating: " ", count: max(0, 8 - size.count))
        return padding + size + "  " + shownName + tagNames.map { "  [\($0)]" }.joined()
    }

    /// Three digits at most, as in 12.3 MB.
    private static func text(ofSize bytes: Int64) -> String {
        var (rest, units) = (Double(bytes), ["B", "kB", "MB", "GB", "TB", "PB", "EB"][...])
        while rest >= 999.5, units.count > 1 {
            rest /= 1000
            units.removeFirst()
        }
        let tenths = (rest * 10).rounded() / 10
        let digits = bytes < 1000 || tenths >= 100 ? String(Int64(rest.rounded())) : String(tenths)
        return "\(digits) \(units.first ?? "B")"
    }
}
