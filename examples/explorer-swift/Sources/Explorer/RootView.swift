import Larder
import Library
import SwiftUI

/// The folder that the engine serves, and those that were opened from it.
struct RootView: View {
    let client: LarderClient
    @LiveQuery(File.where(\.path == "").limit(1)) private var roots
    @State private var opened: [File] = []

    var body: some View {
        NavigationStack(path: $opened) {
            Group {
                if let root = roots.items.first {
                    FolderView(client: client, folder: root.value)
                } else {
                    ProgressView()
                }
            }
            .navigationDestination(for: File.self) { FolderView(client: client, folder: $0) }
        }
        .safeAreaInset(edge: .bottom) { ConnectionBanner(status: client.status) }
    }
}

/// Says when what is shown may be old.
struct ConnectionBanner: View {
    let status: Status

    var body: some View {
        if let text {
            Label(text, systemImage: status.phase == .syncing ? "arrow.triangle.2.circlepath" : "wifi.slash")
                .font(.footnote).padding(.all, 8)
                .background(.bar, in: .capsule)
        }
    }

    private var text: String? {
        let waiting = status.pending == 0 ? "" : "; \(status.pending) edits wait to be sent"
        switch status.phase {
        case .live: return nil
        case .syncing: return "Catching up\(waiting)"
        case .offline, .connecting: return "Offline: this is what was last known\(waiting)"
        }
    }
}
