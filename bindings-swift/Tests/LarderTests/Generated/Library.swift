// Written by larder-codegen from types in Rust. Do not edit.

import Foundation
import Larder

/// An entry of a folder: a file or a folder.
public struct File: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Stays the same when the entry is renamed or moved.
    public var id: UUID
    /// The mirrored folder that it is in.
    public var locationId: UUID
    /// The folder that it is in, or null for the mirrored folder itself.
    public var parentId: UUID?
    /// Its name, with the extension.
    public var name: String
    /// What follows the last dot of the name, in lowercase. Null for folders and for names without one.
    public var `extension`: String?
    /// What it is, judged from the extension.
    public var kind: FileKind
    /// Whether it is a folder.
    public var isDir: Bool
    /// How many bytes it has; 0 for folders.
    public var size: Int64
    /// Where it is: the names from the mirrored folder down, with `/` between them. Empty for that folder itself.
    public var path: String
    /// When its content was last changed.
    public var modifiedAt: Date
    /// When it was made.
    public var createdAt: Date
    /// What is in it, or null as long as nobody has looked.
    public var contentId: UUID?
    /// Whether it is marked as a favorite.
    public var favorite: Bool
    /// The tags on it, in the order in which they were put on.
    public var tagIds: [String]
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `children`.
    public var children: [File]?
    /// Nil unless a query includes `content`.
    @Indirect public var content: ContentIdentity? = nil
    /// Nil unless a query includes `location`.
    @Indirect public var location: Location? = nil
    /// Nil unless a query includes `parent`.
    @Indirect public var parent: File? = nil
    /// Nil unless a query includes `tags`.
    public var tags: [Tag]?

    public static let resourceName = "file"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "file",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "children": { "to": "file", "kind": "many", "field": "parent_id", "holds": "reverse" },
            "content": { "to": "content_identity", "kind": "one", "field": "content_id" },
            "location": { "to": "location", "kind": "one", "field": "location_id" },
            "parent": { "to": "file", "kind": "one", "field": "parent_id" },
            "tags": { "to": "tag", "kind": "many", "field": "tag_ids" }
          },
          "index": [
            "parent_id",
            "name",
            "kind",
            "is_dir",
            "size",
            "modified_at",
            "content_id",
            "favorite",
            "tag_ids"
          ],
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "location_id", "type": "uuid" },
            { "name": "parent_id", "type": { "optional": "uuid" } },
            { "name": "name", "type": "text" },
            { "name": "extension", "type": { "optional": "text" } },
            { "name": "kind", "type": "text" },
            { "name": "is_dir", "type": "bool" },
            { "name": "size", "type": "int" },
            { "name": "path", "type": "text" },
            { "name": "modified_at", "type": "timestamp" },
            { "name": "created_at", "type": "timestamp" },
            { "name": "content_id", "type": { "optional": "uuid" } },
            { "name": "favorite", "type": "bool" },
            { "name": "tag_ids", "type": { "list": "text" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "children": self.children = value.many(File.self)
        case "content": self.content = value.one(ContentIdentity.self)
        case "location": self.location = value.one(Location.self)
        case "parent": self.parent = value.one(File.self)
        case "tags": self.tags = value.many(Tag.self)
        default: break
        }
    }

    public init(
        id: UUID,
        locationId: UUID,
        parentId: UUID? = nil,
        name: String,
        `extension`: String? = nil,
        kind: FileKind,
        isDir: Bool,
        size: Int64,
        path: String,
        modifiedAt: Date,
        createdAt: Date,
        contentId: UUID? = nil,
        favorite: Bool,
        tagIds: [String],
        version: Int64,
        children: [File]? = nil,
        content: ContentIdentity? = nil,
        location: Location? = nil,
        parent: File? = nil,
        tags: [Tag]? = nil
    ) {
        self.id = id
        self.locationId = locationId
        self.parentId = parentId
        self.name = name
        self.`extension` = `extension`
        self.kind = kind
        self.isDir = isDir
        self.size = size
        self.path = path
        self.modifiedAt = modifiedAt
        self.createdAt = createdAt
        self.contentId = contentId
        self.favorite = favorite
        self.tagIds = tagIds
        self.version = version
        self.children = children
        self.content = content
        self.location = location
        self.parent = parent
        self.tags = tags
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.locationId = reader.uuid()
        self.parentId = reader.optional { $0.uuid() }
        self.name = reader.text()
        self.`extension` = reader.optional { $0.text() }
        self.kind = try reader.word(FileKind.self)
        self.isDir = reader.bool()
        self.size = reader.int(Int64.self)
        self.path = reader.text()
        self.modifiedAt = reader.date()
        self.createdAt = reader.date()
        self.contentId = reader.optional { $0.uuid() }
        self.favorite = reader.bool()
        self.tagIds = reader.list { $0.text() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.locationId = try container.decode(UUID.self, forKey: .locationId)
        self.parentId = try container.decodeIfPresent(UUID.self, forKey: .parentId)
        self.name = try container.decode(String.self, forKey: .name)
        self.`extension` = try container.decodeIfPresent(String.self, forKey: .`extension`)
        self.kind = try container.decode(FileKind.self, forKey: .kind)
        self.isDir = try container.decode(Bool.self, forKey: .isDir)
        self.size = try container.decode(Int64.self, forKey: .size)
        self.path = try container.decode(String.self, forKey: .path)
        self.modifiedAt = try container.decode(Date.self, forKey: .modifiedAt)
        self.createdAt = try container.decode(Date.self, forKey: .createdAt)
        self.contentId = try container.decodeIfPresent(UUID.self, forKey: .contentId)
        self.favorite = try container.decode(Bool.self, forKey: .favorite)
        self.tagIds = try container.decode([String].self, forKey: .tagIds)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.locationId.uuidString.lowercased(), forKey: .locationId)
        try container.encode(self.parentId.map { $0.uuidString.lowercased() }, forKey: .parentId)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.`extension`, forKey: .`extension`)
        try container.encode(self.kind, forKey: .kind)
        try container.encode(self.isDir, forKey: .isDir)
        try container.encode(self.size, forKey: .size)
        try container.encode(self.path, forKey: .path)
        try container.encode(self.modifiedAt, forKey: .modifiedAt)
        try container.encode(self.createdAt, forKey: .createdAt)
        try container.encode(self.contentId.map { $0.uuidString.lowercased() }, forKey: .contentId)
        try container.encode(self.favorite, forKey: .favorite)
        try container.encode(self.tagIds, forKey: .tagIds)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let locationId = Field<UUID>("location_id")
        public let parentId = Field<UUID?>("parent_id")
        public let name = Field<String>("name")
        public let `extension` = Field<String?>("extension")
        public let kind = Field<FileKind>("kind")
        public let isDir = Field<Bool>("is_dir")
        public let size = Field<Int64>("size")
        public let path = Field<String>("path")
        public let modifiedAt = Field<Date>("modified_at")
        public let createdAt = Field<Date>("created_at")
        public let contentId = Field<UUID?>("content_id")
        public let favorite = Field<Bool>("favorite")
        public let tagIds = Field<[String]>("tag_ids")
        public let version = Field<Int64>("version")
        public let children = Relation<File>("children")
        public let content = Relation<ContentIdentity>("content")
        public let location = Relation<Location>("location")
        public let parent = Relation<File>("parent")
        public let tags = Relation<Tag>("tags")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case locationId = "location_id"
        case parentId = "parent_id"
        case name
        case `extension`
        case kind
        case isDir = "is_dir"
        case size
        case path
        case modifiedAt = "modified_at"
        case createdAt = "created_at"
        case contentId = "content_id"
        case favorite
        case tagIds = "tag_ids"
        case version
    }
}

/// A label that can be put on any number of files.
public struct Tag: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Chosen by the client that made the tag.
    public var id: String
    /// What it says.
    public var name: String
    /// `#` and six hexadecimal digits.
    public var color: String
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `files`.
    public var files: [File]?

    public static let resourceName = "tag"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "tag",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": { "files": { "to": "file", "kind": "many", "field": "tag_ids", "holds": "reverse" } },
          "index": ["name"],
          "layout": [
            { "name": "id", "type": "text" },
            { "name": "name", "type": "text" },
            { "name": "color", "type": "text" },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "files": self.files = value.many(File.self)
        default: break
        }
    }

    public init(id: String, name: String, color: String, version: Int64, files: [File]? = nil) {
        self.id = id
        self.name = name
        self.color = color
        self.version = version
        self.files = files
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.text()
        self.name = reader.text()
        self.color = reader.text()
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(String.self, forKey: .id)
        self.name = try container.decode(String.self, forKey: .name)
        self.color = try container.decode(String.self, forKey: .color)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.color, forKey: .color)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<String>("id")
        public let name = Field<String>("name")
        public let color = Field<String>("color")
        public let version = Field<Int64>("version")
        public let files = Relation<File>("files")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case color
        case version
    }
}

/// A folder on disk that is mirrored, with all that is in it.
public struct Location: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Stays the same as long as the folder is mirrored.
    public var id: UUID
    /// The machine that it is on.
    public var deviceId: UUID
    /// The disk that it is on, or null where that is not known.
    public var volumeId: UUID?
    /// The folder's name.
    public var name: String
    /// Where it is on that machine, from the root of the disk.
    public var path: String
    /// How well its files are known to agree with the disk.
    public var scanState: ScanState
    /// How many files are in it, at any depth, without folders.
    public var fileCount: Int64
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `device`.
    @Indirect public var device: Device? = nil
    /// Nil unless a query includes `files`.
    public var files: [File]?
    /// Nil unless a query includes `volume`.
    @Indirect public var volume: Volume? = nil

    public static let resourceName = "location"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "location",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "device": { "to": "device", "kind": "one", "field": "device_id" },
            "files": { "to": "file", "kind": "many", "field": "location_id", "holds": "reverse" },
            "volume": { "to": "volume", "kind": "one", "field": "volume_id" }
          },
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "device_id", "type": "uuid" },
            { "name": "volume_id", "type": { "optional": "uuid" } },
            { "name": "name", "type": "text" },
            { "name": "path", "type": "text" },
            { "name": "scan_state", "type": "text" },
            { "name": "file_count", "type": "int" },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "device": self.device = value.one(Device.self)
        case "files": self.files = value.many(File.self)
        case "volume": self.volume = value.one(Volume.self)
        default: break
        }
    }

    public init(
        id: UUID,
        deviceId: UUID,
        volumeId: UUID? = nil,
        name: String,
        path: String,
        scanState: ScanState,
        fileCount: Int64,
        version: Int64,
        device: Device? = nil,
        files: [File]? = nil,
        volume: Volume? = nil
    ) {
        self.id = id
        self.deviceId = deviceId
        self.volumeId = volumeId
        self.name = name
        self.path = path
        self.scanState = scanState
        self.fileCount = fileCount
        self.version = version
        self.device = device
        self.files = files
        self.volume = volume
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.deviceId = reader.uuid()
        self.volumeId = reader.optional { $0.uuid() }
        self.name = reader.text()
        self.path = reader.text()
        self.scanState = try reader.word(ScanState.self)
        self.fileCount = reader.int(Int64.self)
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.deviceId = try container.decode(UUID.self, forKey: .deviceId)
        self.volumeId = try container.decodeIfPresent(UUID.self, forKey: .volumeId)
        self.name = try container.decode(String.self, forKey: .name)
        self.path = try container.decode(String.self, forKey: .path)
        self.scanState = try container.decode(ScanState.self, forKey: .scanState)
        self.fileCount = try container.decode(Int64.self, forKey: .fileCount)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.deviceId.uuidString.lowercased(), forKey: .deviceId)
        try container.encode(self.volumeId.map { $0.uuidString.lowercased() }, forKey: .volumeId)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.path, forKey: .path)
        try container.encode(self.scanState, forKey: .scanState)
        try container.encode(self.fileCount, forKey: .fileCount)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let deviceId = Field<UUID>("device_id")
        public let volumeId = Field<UUID?>("volume_id")
        public let name = Field<String>("name")
        public let path = Field<String>("path")
        public let scanState = Field<ScanState>("scan_state")
        public let fileCount = Field<Int64>("file_count")
        public let version = Field<Int64>("version")
        public let device = Relation<Device>("device")
        public let files = Relation<File>("files")
        public let volume = Relation<Volume>("volume")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case deviceId = "device_id"
        case volumeId = "volume_id"
        case name
        case path
        case scanState = "scan_state"
        case fileCount = "file_count"
        case version
    }
}

/// A machine that holds locations.
public struct Device: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Stays the same when the machine is renamed.
    public var id: UUID
    /// The machine's name.
    public var name: String
    /// Whether it is the one that the engine runs on.
    public var isSelf: Bool
    /// Whether the engine is connected to it; for its own machine, whether it may connect to others.
    public var online: Bool
    /// What it is doing about the library, as far as this engine knows.
    public var state: DeviceState
    /// What it is if one of the devices leads the others, as far as this engine knows.
    public var role: DeviceRole
    /// How many changes that this engine knows of have not come there.
    public var pending: Int64
    /// Since when that is so, in milliseconds since 1970. Null when it has everything.
    public var behindSinceMs: Int64?
    /// Why there is no connection, in words for people.
    public var problem: String?
    /// Whether it was removed from the library: no device speaks to it again.
    public var removed: Bool
    /// Whether its files are wanted where the engine runs. Those of its own device always are.
    public var filesWanted: Bool
    /// The shared models that the engine's own device does without, with all that depends on them; of other devices none is told.
    public var unwantedModels: [String]
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `locations`.
    public var locations: [Location]?

    public static let resourceName = "device"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "device",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "locations": { "to": "location", "kind": "many", "field": "device_id", "holds": "reverse" }
          },
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "name", "type": "text" },
            { "name": "is_self", "type": "bool" },
            { "name": "online", "type": "bool" },
            { "name": "state", "type": "text" },
            { "name": "role", "type": "text" },
            { "name": "pending", "type": "int" },
            { "name": "behind_since_ms", "type": { "optional": "int" } },
            { "name": "problem", "type": { "optional": "text" } },
            { "name": "removed", "type": "bool" },
            { "name": "files_wanted", "type": "bool" },
            { "name": "unwanted_models", "type": { "list": "text" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "locations": self.locations = value.many(Location.self)
        default: break
        }
    }

    public init(
        id: UUID,
        name: String,
        isSelf: Bool,
        online: Bool,
        state: DeviceState,
        role: DeviceRole,
        pending: Int64,
        behindSinceMs: Int64? = nil,
        problem: String? = nil,
        removed: Bool,
        filesWanted: Bool,
        unwantedModels: [String],
        version: Int64,
        locations: [Location]? = nil
    ) {
        self.id = id
        self.name = name
        self.isSelf = isSelf
        self.online = online
        self.state = state
        self.role = role
        self.pending = pending
        self.behindSinceMs = behindSinceMs
        self.problem = problem
        self.removed = removed
        self.filesWanted = filesWanted
        self.unwantedModels = unwantedModels
        self.version = version
        self.locations = locations
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.name = reader.text()
        self.isSelf = reader.bool()
        self.online = reader.bool()
        self.state = try reader.word(DeviceState.self)
        self.role = try reader.word(DeviceRole.self)
        self.pending = reader.int(Int64.self)
        self.behindSinceMs = reader.optional { $0.int(Int64.self) }
        self.problem = reader.optional { $0.text() }
        self.removed = reader.bool()
        self.filesWanted = reader.bool()
        self.unwantedModels = reader.list { $0.text() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.name = try container.decode(String.self, forKey: .name)
        self.isSelf = try container.decode(Bool.self, forKey: .isSelf)
        self.online = try container.decode(Bool.self, forKey: .online)
        self.state = try container.decode(DeviceState.self, forKey: .state)
        self.role = try container.decode(DeviceRole.self, forKey: .role)
        self.pending = try container.decode(Int64.self, forKey: .pending)
        self.behindSinceMs = try container.decodeIfPresent(Int64.self, forKey: .behindSinceMs)
        self.problem = try container.decodeIfPresent(String.self, forKey: .problem)
        self.removed = try container.decode(Bool.self, forKey: .removed)
        self.filesWanted = try container.decode(Bool.self, forKey: .filesWanted)
        self.unwantedModels = try container.decode([String].self, forKey: .unwantedModels)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.isSelf, forKey: .isSelf)
        try container.encode(self.online, forKey: .online)
        try container.encode(self.state, forKey: .state)
        try container.encode(self.role, forKey: .role)
        try container.encode(self.pending, forKey: .pending)
        try container.encode(self.behindSinceMs, forKey: .behindSinceMs)
        try container.encode(self.problem, forKey: .problem)
        try container.encode(self.removed, forKey: .removed)
        try container.encode(self.filesWanted, forKey: .filesWanted)
        try container.encode(self.unwantedModels, forKey: .unwantedModels)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let name = Field<String>("name")
        public let isSelf = Field<Bool>("is_self")
        public let online = Field<Bool>("online")
        public let state = Field<DeviceState>("state")
        public let role = Field<DeviceRole>("role")
        public let pending = Field<Int64>("pending")
        public let behindSinceMs = Field<Int64?>("behind_since_ms")
        public let problem = Field<String?>("problem")
        public let removed = Field<Bool>("removed")
        public let filesWanted = Field<Bool>("files_wanted")
        public let unwantedModels = Field<[String]>("unwanted_models")
        public let version = Field<Int64>("version")
        public let locations = Relation<Location>("locations")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case isSelf = "is_self"
        case online
        case state
        case role
        case pending
        case behindSinceMs = "behind_since_ms"
        case problem
        case removed
        case filesWanted = "files_wanted"
        case unwantedModels = "unwanted_models"
        case version
    }
}

/// A disk, or a part of one, that mirrored folders are on.
public struct Volume: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Stays the same as long as it is in the same place.
    public var id: UUID
    /// The machine that it is in.
    public var deviceId: UUID
    /// The last name of where it is, or what the operating system calls it.
    public var name: String
    /// Where it is in the folders of that machine.
    public var mountPoint: String
    /// How many bytes fit on it.
    public var totalBytes: Int64
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `device`.
    @Indirect public var device: Device? = nil
    /// Nil unless a query includes `locations`.
    public var locations: [Location]?

    public static let resourceName = "volume"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "volume",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "device": { "to": "device", "kind": "one", "field": "device_id" },
            "locations": { "to": "location", "kind": "many", "field": "volume_id", "holds": "reverse" }
          },
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "device_id", "type": "uuid" },
            { "name": "name", "type": "text" },
            { "name": "mount_point", "type": "text" },
            { "name": "total_bytes", "type": "int" },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "device": self.device = value.one(Device.self)
        case "locations": self.locations = value.many(Location.self)
        default: break
        }
    }

    public init(
        id: UUID,
        deviceId: UUID,
        name: String,
        mountPoint: String,
        totalBytes: Int64,
        version: Int64,
        device: Device? = nil,
        locations: [Location]? = nil
    ) {
        self.id = id
        self.deviceId = deviceId
        self.name = name
        self.mountPoint = mountPoint
        self.totalBytes = totalBytes
        self.version = version
        self.device = device
        self.locations = locations
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.deviceId = reader.uuid()
        self.name = reader.text()
        self.mountPoint = reader.text()
        self.totalBytes = reader.int(Int64.self)
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.deviceId = try container.decode(UUID.self, forKey: .deviceId)
        self.name = try container.decode(String.self, forKey: .name)
        self.mountPoint = try container.decode(String.self, forKey: .mountPoint)
        self.totalBytes = try container.decode(Int64.self, forKey: .totalBytes)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.deviceId.uuidString.lowercased(), forKey: .deviceId)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.mountPoint, forKey: .mountPoint)
        try container.encode(self.totalBytes, forKey: .totalBytes)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let deviceId = Field<UUID>("device_id")
        public let name = Field<String>("name")
        public let mountPoint = Field<String>("mount_point")
        public let totalBytes = Field<Int64>("total_bytes")
        public let version = Field<Int64>("version")
        public let device = Relation<Device>("device")
        public let locations = Relation<Location>("locations")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case deviceId = "device_id"
        case name
        case mountPoint = "mount_point"
        case totalBytes = "total_bytes"
        case version
    }
}

/// A content: the same bytes are the same one, in whatever files on whatever devices they are.
public struct ContentIdentity: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Follows from the library and the content.
    public var id: UUID
    /// A BLAKE3 hash, in hexadecimal digits: of all of it, or for large files of its size and samples.
    public var hash: String
    /// How many bytes it has.
    public var size: Int64
    /// The tags on it, in the order in which they were put on.
    public var tagIds: [String]
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `files`.
    public var files: [File]?
    /// Nil unless a query includes `tags`.
    public var tags: [Tag]?

    public static let resourceName = "content_identity"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "content_identity",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "files": { "to": "file", "kind": "many", "field": "content_id", "holds": "reverse" },
            "tags": { "to": "tag", "kind": "many", "field": "tag_ids" }
          },
          "index": ["hash"],
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "hash", "type": "text" },
            { "name": "size", "type": "int" },
            { "name": "tag_ids", "type": { "list": "text" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "files": self.files = value.many(File.self)
        case "tags": self.tags = value.many(Tag.self)
        default: break
        }
    }

    public init(
        id: UUID,
        hash: String,
        size: Int64,
        tagIds: [String],
        version: Int64,
        files: [File]? = nil,
        tags: [Tag]? = nil
    ) {
        self.id = id
        self.hash = hash
        self.size = size
        self.tagIds = tagIds
        self.version = version
        self.files = files
        self.tags = tags
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.hash = reader.text()
        self.size = reader.int(Int64.self)
        self.tagIds = reader.list { $0.text() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.hash = try container.decode(String.self, forKey: .hash)
        self.size = try container.decode(Int64.self, forKey: .size)
        self.tagIds = try container.decode([String].self, forKey: .tagIds)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.hash, forKey: .hash)
        try container.encode(self.size, forKey: .size)
        try container.encode(self.tagIds, forKey: .tagIds)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let hash = Field<String>("hash")
        public let size = Field<Int64>("size")
        public let tagIds = Field<[String]>("tag_ids")
        public let version = Field<Int64>("version")
        public let files = Relation<File>("files")
        public let tags = Relation<Tag>("tags")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case hash
        case size
        case tagIds = "tag_ids"
        case version
    }
}

/// Files that somebody put together, from any folder of any device.
public struct Album: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Chosen by the client that made the album.
    public var id: String
    /// What it is called.
    public var name: String
    /// The file that stands for it, or null.
    public var coverId: UUID?
    /// The files in it, in the order in which they were put in.
    public var fileIds: [UUID]
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `cover`.
    @Indirect public var cover: File? = nil
    /// Nil unless a query includes `files`.
    public var files: [File]?

    public static let resourceName = "album"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "album",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "cover": { "to": "file", "kind": "one", "field": "cover_id" },
            "files": { "to": "file", "kind": "many", "field": "file_ids" }
          },
          "index": ["name", "file_ids"],
          "layout": [
            { "name": "id", "type": "text" },
            { "name": "name", "type": "text" },
            { "name": "cover_id", "type": { "optional": "uuid" } },
            { "name": "file_ids", "type": { "list": "uuid" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "cover": self.cover = value.one(File.self)
        case "files": self.files = value.many(File.self)
        default: break
        }
    }

    public init(
        id: String,
        name: String,
        coverId: UUID? = nil,
        fileIds: [UUID],
        version: Int64,
        cover: File? = nil,
        files: [File]? = nil
    ) {
        self.id = id
        self.name = name
        self.coverId = coverId
        self.fileIds = fileIds
        self.version = version
        self.cover = cover
        self.files = files
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.text()
        self.name = reader.text()
        self.coverId = reader.optional { $0.uuid() }
        self.fileIds = reader.list { $0.uuid() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(String.self, forKey: .id)
        self.name = try container.decode(String.self, forKey: .name)
        self.coverId = try container.decodeIfPresent(UUID.self, forKey: .coverId)
        self.fileIds = try container.decode([UUID].self, forKey: .fileIds)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.coverId.map { $0.uuidString.lowercased() }, forKey: .coverId)
        try container.encode(self.fileIds.map { $0.uuidString.lowercased() }, forKey: .fileIds)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<String>("id")
        public let name = Field<String>("name")
        public let coverId = Field<UUID?>("cover_id")
        public let fileIds = Field<[UUID]>("file_ids")
        public let version = Field<Int64>("version")
        public let cover = Relation<File>("cover")
        public let files = Relation<File>("files")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case coverId = "cover_id"
        case fileIds = "file_ids"
        case version
    }
}

/// Two devices changed the same thing, and neither knew of the other's change. One of them counts on all devices; a device that saw
/// both keeps what the other said until somebody chooses.
public struct Conflict: Resource, Codable, Sendable, Identifiable, Hashable {
    /// For the action that resolves it.
    public var id: String
    /// The model of the row, such as `tag`.
    public var model: String
    /// The row.
    public var recordId: String
    /// The field, or null if it is about the whole row.
    public var field: String?
    /// The value that counts, as JSON text.
    public var kept: String
    /// The other value, as JSON text.
    public var lost: String
    /// Which device wrote the value that counts.
    public var keptBy: String
    /// Which device wrote the other.
    public var lostBy: String

    public static let resourceName = "conflict"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "conflict",
          "id": "id",
          "merge": "replace",
          "index": ["model"],
          "layout": [
            { "name": "id", "type": "text" },
            { "name": "model", "type": "text" },
            { "name": "record_id", "type": "text" },
            { "name": "field", "type": { "optional": "text" } },
            { "name": "kept", "type": "text" },
            { "name": "lost", "type": "text" },
            { "name": "kept_by", "type": "text" },
            { "name": "lost_by", "type": "text" }
          ]
        }
        """#)

    public init(
        id: String,
        model: String,
        recordId: String,
        field: String? = nil,
        kept: String,
        lost: String,
        keptBy: String,
        lostBy: String
    ) {
        self.id = id
        self.model = model
        self.recordId = recordId
        self.field = field
        self.kept = kept
        self.lost = lost
        self.keptBy = keptBy
        self.lostBy = lostBy
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.text()
        self.model = reader.text()
        self.recordId = reader.text()
        self.field = reader.optional { $0.text() }
        self.kept = reader.text()
        self.lost = reader.text()
        self.keptBy = reader.text()
        self.lostBy = reader.text()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(String.self, forKey: .id)
        self.model = try container.decode(String.self, forKey: .model)
        self.recordId = try container.decode(String.self, forKey: .recordId)
        self.field = try container.decodeIfPresent(String.self, forKey: .field)
        self.kept = try container.decode(String.self, forKey: .kept)
        self.lost = try container.decode(String.self, forKey: .lost)
        self.keptBy = try container.decode(String.self, forKey: .keptBy)
        self.lostBy = try container.decode(String.self, forKey: .lostBy)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.model, forKey: .model)
        try container.encode(self.recordId, forKey: .recordId)
        try container.encode(self.field, forKey: .field)
        try container.encode(self.kept, forKey: .kept)
        try container.encode(self.lost, forKey: .lost)
        try container.encode(self.keptBy, forKey: .keptBy)
        try container.encode(self.lostBy, forKey: .lostBy)
    }

    public struct Fields: ResourceFields {
        public let id = Field<String>("id")
        public let model = Field<String>("model")
        public let recordId = Field<String>("record_id")
        public let field = Field<String?>("field")
        public let kept = Field<String>("kept")
        public let lost = Field<String>("lost")
        public let keptBy = Field<String>("kept_by")
        public let lostBy = Field<String>("lost_by")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case model
        case recordId = "record_id"
        case field
        case kept
        case lost
        case keptBy = "kept_by"
        case lostBy = "lost_by"
    }
}

/// Work that an engine does for a while. There is one row for each kind and whatever it is about, which says how it stands with the newest
/// run, or how that ended; copies have a row for each time somebody asked for one, which is kept for a week. Jobs are the engine's own: other devices have others.
public struct Job: Resource, Codable, Sendable, Identifiable, Hashable {
    /// The kind, and what it is about.
    public var id: String
    /// What is done.
    public var kind: JobKind
    /// How it stands.
    public var state: JobState
    /// The other device that it is done with.
    public var deviceId: UUID?
    /// The location that it is about.
    public var locationId: UUID?
    /// The folder that it puts something into.
    public var folderId: UUID?
    /// The name of what it puts there: of a file, or of a folder with all that is in it.
    public var name: String?
    /// How much is done.
    public var done: Int64
    /// How much there is to do, or null while that is not known.
    public var total: Int64?
    /// When the run began, in milliseconds since 1970.
    public var startedMs: Int64
    /// When it was seen to go on last, in milliseconds since 1970.
    public var updatedMs: Int64
    /// What is in its way, or why it failed: a stable name such as `not_reachable`, `disk_full`, `target_exists`, `called_off`.
    public var problemKind: String?
    /// The same in words for people.
    public var problem: String?
    /// Grows with each change.
    public var version: Int64
    /// Nil unless a query includes `device`.
    @Indirect public var device: Device? = nil
    /// Nil unless a query includes `folder`.
    @Indirect public var folder: File? = nil
    /// Nil unless a query includes `location`.
    @Indirect public var location: Location? = nil

    public static let resourceName = "job"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "job",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": {
            "device": { "to": "device", "kind": "one", "field": "device_id" },
            "folder": { "to": "file", "kind": "one", "field": "folder_id" },
            "location": { "to": "location", "kind": "one", "field": "location_id" }
          },
          "index": ["kind", "state"],
          "layout": [
            { "name": "id", "type": "text" },
            { "name": "kind", "type": "text" },
            { "name": "state", "type": "text" },
            { "name": "device_id", "type": { "optional": "uuid" } },
            { "name": "location_id", "type": { "optional": "uuid" } },
            { "name": "folder_id", "type": { "optional": "uuid" } },
            { "name": "name", "type": { "optional": "text" } },
            { "name": "done", "type": "int" },
            { "name": "total", "type": { "optional": "int" } },
            { "name": "started_ms", "type": "int" },
            { "name": "updated_ms", "type": "int" },
            { "name": "problem_kind", "type": { "optional": "text" } },
            { "name": "problem", "type": { "optional": "text" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "device": self.device = value.one(Device.self)
        case "folder": self.folder = value.one(File.self)
        case "location": self.location = value.one(Location.self)
        default: break
        }
    }

    public init(
        id: String,
        kind: JobKind,
        state: JobState,
        deviceId: UUID? = nil,
        locationId: UUID? = nil,
        folderId: UUID? = nil,
        name: String? = nil,
        done: Int64,
        total: Int64? = nil,
        startedMs: Int64,
        updatedMs: Int64,
        problemKind: String? = nil,
        problem: String? = nil,
        version: Int64,
        device: Device? = nil,
        folder: File? = nil,
        location: Location? = nil
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.deviceId = deviceId
        self.locationId = locationId
        self.folderId = folderId
        self.name = name
        self.done = done
        self.total = total
        self.startedMs = startedMs
        self.updatedMs = updatedMs
        self.problemKind = problemKind
        self.problem = problem
        self.version = version
        self.device = device
        self.folder = folder
        self.location = location
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.text()
        self.kind = try reader.word(JobKind.self)
        self.state = try reader.word(JobState.self)
        self.deviceId = reader.optional { $0.uuid() }
        self.locationId = reader.optional { $0.uuid() }
        self.folderId = reader.optional { $0.uuid() }
        self.name = reader.optional { $0.text() }
        self.done = reader.int(Int64.self)
        self.total = reader.optional { $0.int(Int64.self) }
        self.startedMs = reader.int(Int64.self)
        self.updatedMs = reader.int(Int64.self)
        self.problemKind = reader.optional { $0.text() }
        self.problem = reader.optional { $0.text() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(String.self, forKey: .id)
        self.kind = try container.decode(JobKind.self, forKey: .kind)
        self.state = try container.decode(JobState.self, forKey: .state)
        self.deviceId = try container.decodeIfPresent(UUID.self, forKey: .deviceId)
        self.locationId = try container.decodeIfPresent(UUID.self, forKey: .locationId)
        self.folderId = try container.decodeIfPresent(UUID.self, forKey: .folderId)
        self.name = try container.decodeIfPresent(String.self, forKey: .name)
        self.done = try container.decode(Int64.self, forKey: .done)
        self.total = try container.decodeIfPresent(Int64.self, forKey: .total)
        self.startedMs = try container.decode(Int64.self, forKey: .startedMs)
        self.updatedMs = try container.decode(Int64.self, forKey: .updatedMs)
        self.problemKind = try container.decodeIfPresent(String.self, forKey: .problemKind)
        self.problem = try container.decodeIfPresent(String.self, forKey: .problem)
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.kind, forKey: .kind)
        try container.encode(self.state, forKey: .state)
        try container.encode(self.deviceId.map { $0.uuidString.lowercased() }, forKey: .deviceId)
        try container.encode(self.locationId.map { $0.uuidString.lowercased() }, forKey: .locationId)
        try container.encode(self.folderId.map { $0.uuidString.lowercased() }, forKey: .folderId)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.done, forKey: .done)
        try container.encode(self.total, forKey: .total)
        try container.encode(self.startedMs, forKey: .startedMs)
        try container.encode(self.updatedMs, forKey: .updatedMs)
        try container.encode(self.problemKind, forKey: .problemKind)
        try container.encode(self.problem, forKey: .problem)
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<String>("id")
        public let kind = Field<JobKind>("kind")
        public let state = Field<JobState>("state")
        public let deviceId = Field<UUID?>("device_id")
        public let locationId = Field<UUID?>("location_id")
        public let folderId = Field<UUID?>("folder_id")
        public let name = Field<String?>("name")
        public let done = Field<Int64>("done")
        public let total = Field<Int64?>("total")
        public let startedMs = Field<Int64>("started_ms")
        public let updatedMs = Field<Int64>("updated_ms")
        public let problemKind = Field<String?>("problem_kind")
        public let problem = Field<String?>("problem")
        public let version = Field<Int64>("version")
        public let device = Relation<Device>("device")
        public let folder = Relation<File>("folder")
        public let location = Relation<Location>("location")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case kind
        case state
        case deviceId = "device_id"
        case locationId = "location_id"
        case folderId = "folder_id"
        case name
        case done
        case total
        case startedMs = "started_ms"
        case updatedMs = "updated_ms"
        case problemKind = "problem_kind"
        case problem
        case version
    }
}

/// What a file is, judged from its extension.
public enum FileKind: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// A folder.
    case folder
    /// A picture.
    case image
    /// A film.
    case video
    /// Sound.
    case audio
    /// Something to read, count or show.
    case document
    /// Source code.
    case code
    /// Files packed into one.
    case archive
    /// Plain text.
    case text
    /// Anything else.
    case unknown
}

/// How well the files of a location are known to agree with the disk.
public enum ScanState: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// They are being compared.
    case scanning
    /// They agree, and changes are followed as they happen.
    case ready
    /// The folder is not there; they are as it was seen last.
    case missing
}

/// What a device is doing about the library.
public enum DeviceState: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// It has never met another one.
    case uninitialized
    /// It is being given everything for the first time. What changes meanwhile waits for what it refers to.
    case backfilling
    /// It is being given what happened while it was away.
    case catchingUp = "catching_up"
    /// It has everything.
    case ready
    /// Somebody took it offline.
    case paused
}

/// What a device is where one leads the others.
public enum DeviceRole: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// It leads: all others give it what they have written, and get from it what everybody wrote.
    case leader
    /// Another device leads.
    case follower
    /// No device leads: all talk to each other.
    case peer
}

/// What a job does.
public enum JobKind: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// Looks at all of a folder. Counts entries that differ.
    case index
    /// Looks into files whose content is not known. Counts files.
    case identify
    /// Gets everything from another device. Counts changes and rows.
    case backfill
    /// Gets from another device what happened while this one was away. Counts changes.
    case catchUp = "catch_up"
    /// Makes anew which folder is in which. Counts folders.
    case closure
    /// Takes away files that are not wanted here any more. Counts files.
    case evict
    /// Throws away what nobody needs any more. Counts what is gone.
    case compact
    /// Copies a file or a folder, also from another device. Counts bytes.
    case copy
}

/// How a job stands.
public enum JobState: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// It waits for its turn.
    case queued
    /// It goes on.
    case running
    /// It was broken off, and goes on from there when it can.
    case paused
    /// It is done.
    case done
    /// It cannot be done.
    case failed
}

/// The resource types, for `LarderClient`.
public enum LarderRegistry {
    public static let registry = Registry(File.self, Tag.self, Location.self, Device.self, Volume.self, ContentIdentity.self, Album.self, Conflict.self, Job.self)
}
