import Foundation
import Larder
import Library
import SwiftUI

/// One file. It is drawn again when that file changes, and not when others do.
struct FileRow: View {
    let row: Row<File>

    var body: some View {
        HStack {
            Image(systemName: symbol).foregroundStyle(.secondary)
            Text(row.name).lineLimit(1)
            if row.favorite { Image(systemName: "star.fill").foregroundStyle(.yellow) }
            Spacer()
            ForEach(row.tags ?? []) { TagChip(tag: $0) }
            if !row.isDir { Text(row.size.formatted(.byteCount(style: .file))).foregroundStyle(.secondary) }
        }
    }

    private var symbol: String {
        switch row.kind {
        case .folder: "folder.fill"
        case .image: "photo"
        case .video: "film"
        case .audio: "waveform"
        case .code: "chevron.left.forwardslash.chevron.right"
        case .archive: "archivebox"
        case .document, .text: "doc.text"
        case .unknown: "doc"
        }
    }
}

struct TagChip: View {
    let tag: Tag

    var body: some View {
        Text(tag.name).font(.caption).padding(.horizontal, 6).background(color.opacity(0.2), in: .capsule)
    }

    /// `#` and six hexadecimal digits.
    private var color: Color {
        let number = UInt32(tag.color.dropFirst(), radix: 16) ?? 0
        let part = { (shift: UInt32) in Double(number >> shift & 0xff) / 255 }
        return Color(red: part(16), green: part(8), blue: part(0))
    }
}
