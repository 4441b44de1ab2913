import Foundation
import Larder
import Library

/// Lists a folder of a library, and stays for what changes in it.
@main @MainActor
struct Program {
    static func main() async {
        let words = CommandLine.arguments.dropFirst()
        if words.contains("--help") || words.contains("-h") { return Terminal.say(Arguments.usage) }
        do {
            let arguments = try Arguments(words)
            let work = Task { try await run(arguments) }
            let interrupts = Interrupts { work.cancel() }
            try await work.value
            withExtendedLifetime(interrupts) {}
        } catch is CancellationError {
            Foundation.exit(130)
        } catch {
            let refusal = error as? Refusal ?? .library(error as? LarderError ?? .client(kind: "client.failed", message: "\(error)"))
            Terminal.warn(refusal.message)
            Foundation.exit(refusal.code)
        }
    }

    private static func run(_ arguments: Arguments) async throws {
        let client = try LarderClient(LarderRegistry.registry)
        defer { client.close() }
        try await client.connectOnce(arguments.url)
        let folder = try Folder(client, arguments.folder)
        for edit in arguments.edits {
            switch edit {
            case .rename(let name, let new): try await folder.rename(name, to: new)
            case .tag(let name, let tag): try await folder.tag(name, with: tag)
            }
        }
        folder.files.values.forEach { Terminal.say($0.line) }
        if arguments.watches { await watch(client, folder) }
    }

    /// Prints what changes until the task is cancelled, which is how a watch ends.
    private static func watch(_ client: LarderClient, _ folder: Folder) async {
        let reports = [Task { await client.reportConnection() }, Task { await client.reportErrors() }]
        defer { reports.forEach { $0.cancel() } }
        var shown = folder.files.values
        for await result in folder.files.results {
            Changes(from: shown, to: result.items).lines.forEach { Terminal.say($0) }
            shown = result.items
        }
    }
}
