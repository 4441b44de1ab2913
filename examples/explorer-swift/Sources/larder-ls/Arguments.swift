/// What was asked for.
struct Arguments {
    static let usage = """
        Usage: larder-ls <url> [folder] [options]

          <url>                  where an engine is, e.g. "ws://127.0.0.1:4600/ws?token=dev"
          [folder]               a folder in what it serves, e.g. Pictures/2026; without one, all that is at the top
          --watch                stay, and print what changes
          --rename <name> <new>  give a file in the folder another name
          --tag <name> <tag>     put a tag on a file in the folder; made if there is none of that name
          --help                 print this
        """

    /// Something to change before the folder is listed.
    enum Edit {
        case rename(String, to: String)
        case tag(String, with: String)
    }

    private(set) var url = ""
    private(set) var folder = ""
    private(set) var watches = false
    private(set) var edits: [Edit] = []

    init(_ words: some Sequence<String>) throws(Refusal) {
        var rest = Array(words)[...]
        var places: [String] = []
        while let word = rest.popFirst() {
            switch word {
            case "--watch": watches = true
            case "--rename": edits.append(.rename(try Self.value(of: word, &rest), to: try Self.value(of: word, &rest)))
            case "--tag": edits.append(.tag(try Self.value(of: word, &rest), with: try Self.value(of: word, &rest)))
            case _ where word.hasPrefix("--"): throw .usage("there is no option `\(word)`")
            default: places.append(word)
            }
        }
        guard let url = places.first else { throw .usage("give the address of an engine") }
        guard places.count <= 2 else { throw .usage("`\(places[2])` is too much: one address and one folder are enough") }
        self.url = url
        // As the engine writes paths: names with `/` between them.
        folder = places.dropFirst().first.map { $0.split(separator: "/").filter { $0 != "." }.joined(separator: "/") } ?? ""
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(Refusal) -> String {
        guard let value = rest.popFirst() else { throw .usage("`\(option)` wants two words after it") }
        return value
    }
}
