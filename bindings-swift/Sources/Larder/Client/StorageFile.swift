import Foundation
import LarderCore

/// A file in which a cache outlives the app. One client at a time has it open.
///
/// ```swift
/// let file = URL.applicationSupportDirectory.appending(path: "library.larder")
/// let client = try LarderClient(Registry(File.self), storage: .sqlite(at: file))
/// ```
public struct StorageFile: Sendable {
    let core: LarderCore.StorageFile

    /// A SQLite database, which is made if it is not there. `key`, 32 bytes that belong into the Keychain, encrypts all values.
    public static func sqlite(at file: URL, key: Data? = nil) -> StorageFile {
        StorageFile(core: LarderCore.StorageFile(path: file.path, key: key))
    }
}
