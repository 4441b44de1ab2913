import Foundation
import Larder
import Library
import SwiftUI

/// `swift run Explorer "ws://127.0.0.1:4600/ws?token=dev"`
@main
struct ExplorerApp: App {
    @State private var client: LarderClient?
    @State private var problem = ""

    var body: some Scene {
        WindowGroup("Explorer") {
            Group {
                if let client {
                    RootView(client: client).larder(client)
                } else {
                    ContentUnavailableView("No library", systemImage: "externaldrive.badge.questionmark", description: Text(problem))
                }
            }
            .onAppear(perform: open)
        }
    }

    private func open() {
        do {
            let opened = try LarderClient(LarderRegistry.registry)
            try opened.connect(CommandLine.arguments.dropFirst().first ?? "ws://127.0.0.1:4600/ws?token=dev")
            client = opened
        } catch {
            problem = "\(error)"
        }
    }
}
