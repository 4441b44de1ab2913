import Foundation

/// The real `larder-engine` over a new folder, for as long as this is there.
final class RunningEngine {
    static let program = ProcessInfo.processInfo.environment["LARDER_ENGINE_BIN"]

    struct Silent: Error {
        let output: String
    }

    let folder: URL
    private(set) var port = 0
    private let state: URL
    private var process: Process?

    init() throws {
        state = FileManager.default.temporaryDirectory.appendingPathComponent("larder-\(UUID().uuidString)")
        folder = state.appendingPathComponent("files")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: state)
    }

    /// Starts it, at the same port if it ran before, and waits for the address that it prints.
    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = [
            "serve", folder.path, "--db", state.appendingPathComponent("library.db").path, "--port", String(port), "--token", "test",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        var text = ""
        while !text.contains("http://") || !text.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Silent(output: text) }
            text += String(decoding: more, as: UTF8.self)
        }
        let address = text.split(separator: "http://").last?.split(separator: ":").last ?? ""
        port = Int(address.prefix { $0.isNumber }) ?? 0
    }

    /// Ends it without a word of warning.
    func stop() {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var url: String { "ws://127.0.0.1:\(port)/ws?token=test" }

    func write(_ name: String, _ text: String = "x") throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }
}
