import Larder
import Library
import SwiftUI

/// What is in one folder, kept up to date.
struct FolderView: View {
    let client: LarderClient
    let folder: File
    @State private var sort = Sort.name

    var body: some View {
        FileList(client: client, folder: folder, sort: sort)
            .navigationTitle(folder.name)
            .toolbar {
                Picker("Sort by", selection: $sort) {
                    ForEach(Sort.allCases, id: \.self) { Text($0.rawValue).tag($0) }
                }
            }
    }
}

/// How a folder is sorted. Folders come first, and files that are equal otherwise go by name.
enum Sort: String, CaseIterable {
    case name = "Name", size = "Size", modified = "Date"

    @MainActor func query(_ folder: File) -> Query<File> {
        let inside = File.where(\.parentId == folder.id).include(\.tags).order(by: \.isDir, .byte, .descending)
        return switch self {
        case .name: inside.order(by: \.name, .natural)
        case .size: inside.order(by: \.size, .byte, .descending).order(by: \.name, .natural)
        case .modified: inside.order(by: \.modifiedAt, .byte, .descending).order(by: \.name, .natural)
        }
    }
}

/// The list itself; another order is another query.
struct FileList: View {
    let client: LarderClient
    @LiveQuery private var files: LiveResults<File>
    @LiveQuery(Tag.all.order(by: \.name, .natural)) private var tags
    @State private var renamed: File?
    @State private var newName = ""
    @State private var isRenaming = false
    @State private var refusal = ""
    @State private var isRefused = false

    init(client: LarderClient, folder: File, sort: Sort) {
        self.client = client
        _files = LiveQuery(sort.query(folder))
    }

    var body: some View {
        List(files.items) { row in
            NavigationLink(value: row.isDir ? row.value : nil) { FileRow(row: row) }
                .contextMenu { menu(row.value) }
        }
        .overlay {
            if files.items.isEmpty && files.phase == .live {
                ContentUnavailableView("Nothing here", systemImage: "folder")
            }
        }
        .alert("Another name", isPresented: $isRenaming) {
            TextField("Name", text: $newName)
            Button("Rename") { if let renamed { attempt { try client.rename(renamed, to: newName) } } }
            Button("Cancel", role: .cancel) {}
        }
        .alert("That was not done", isPresented: $isRefused) {
            Button("OK", role: .cancel) {}
        } message: {
            Text(refusal)
        }
    }

    @ViewBuilder
    private func menu(_ file: File) -> some View {
        Button("Rename", systemImage: "pencil") { (renamed, newName, isRenaming) = (file, file.name, true) }
        Button(file.favorite ? "No favorite" : "Favorite", systemImage: file.favorite ? "star.slash" : "star") {
            attempt { try client.setFavorite(file, !file.favorite) }
        }
        Menu("Tags", systemImage: "tag") {
            ForEach(tags.items) { tag in
                let isOn = file.tagIds.contains(tag.id)
                Button(tag.name, systemImage: isOn ? "checkmark" : "tag") {
                    attempt { try client.setTag(tag.value, on: file, !isOn) }
                }
            }
        }
    }

    /// Shown at once; what the engine refuses is taken back and said.
    private func attempt(_ edit: @escaping @MainActor () throws -> MutationHandle) {
        Task {
            do {
                try await edit().settled()
            } catch {
                (refusal, isRefused) = ((error as? LarderError)?.message ?? "\(error)", true)
            }
        }
    }
}
