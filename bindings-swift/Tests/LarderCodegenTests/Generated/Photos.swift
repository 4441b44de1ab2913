// Written by larder-codegen from types in Rust. Do not edit.

import Foundation
import Larder

/// A photo in the library.
///
/// See `Tag` for what can be put on it.
public struct Photo: Resource, Codable, Sendable, Identifiable, Hashable {
    /// Stays the same when the photo is renamed.
    public var id: UUID
    public var revision: Int64
    public var name: String
    /// Where it was taken from.
    public var originalId: UUID?
    /// What it is labelled with.
    /// The ids of `tags`.
    public var tagsIDs: [Tag.ID]
    /// The ids of `cover`.
    public var coverID: Tag.ID?
    public var takenAt: Date
    public var edits: [Date]
    public var printedOn: String?
    public var stars: Int
    public var views: Int64
    public var bytes: Int64
    public var brightness: Double
    public var hidden: Bool
    public var caption: String?
    public var keywords: [String]?
    public var state: PhotoState
    public var camera: Camera?
    public var latitude: Double?
    public var longitude: Double?
    public var sizes: [String: Size]
    public var byState: [String: Int64]
    public var people: [PersonId]
    public var faces: [PhotoFaces]
    public var crop: PhotoCrop
    public var palette: [Int]
    public var source: Source
    public var event: PhotoEvent
    public var change: Change
    public var value: Scalar
    public var rating: Rated<String>
    public var folders: Folder
    public var extra: JSONValue
    public var `class`: PhotoKind
    /// No longer filled.
    /// - Warning: Deprecated. use `camera`
    public var device: String?
    public var score: Double
    public var words: Words
    public var weight: String
    /// Nil unless a query includes `comments`.
    public var comments: [Comment]?
    /// Nil unless a query includes `cover`.
    @Indirect public var cover: Tag? = nil
    /// Nil unless a query includes `original`.
    @Indirect public var original: Photo? = nil
    /// Nil unless a query includes `tags`.
    public var tags: [Tag]?

    public static let resourceName = "photo"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "photo",
          "id": "id",
          "version": "revision",
          "merge": "deep",
          "relations": {
            "comments": { "to": "comment", "kind": "many", "field": "photo", "holds": "reverse" },
            "cover": { "to": "tag", "kind": "one", "field": "cover", "holds": "resources" },
            "original": { "to": "photo", "kind": "one", "field": "originalId" },
            "tags": { "to": "tag", "kind": "many", "field": "tags", "holds": "resources" }
          },
          "index": ["name"],
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "revision", "type": "int" },
            { "name": "name", "type": "text" },
            { "name": "originalId", "type": { "optional": "uuid" } },
            { "name": "tags", "type": { "list": "text" } },
            { "name": "cover", "type": { "optional": "text" } },
            { "name": "takenAt", "type": "timestamp" },
            { "name": "edits", "type": { "list": "timestamp" } },
            { "name": "printedOn", "type": { "optional": "text" } },
            { "name": "stars", "type": "int" },
            { "name": "views", "type": "int" },
            { "name": "bytes", "type": "int" },
            { "name": "brightness", "type": "float" },
            { "name": "hidden", "type": "bool" },
            { "name": "caption", "type": { "optional": "text" } },
            { "name": "keywords", "type": { "optional": { "list": "text" } } },
            { "name": "state", "type": "text" },
            {
              "name": "camera",
              "type": {
                "optional": {
                  "struct": [
                    { "name": "model-name", "type": "text" },
                    {
                      "name": "lens",
                      "type": {
                        "optional": {
                          "struct": [
                            { "name": "focal_length", "type": { "optional": "float" } },
                            { "name": "bought", "type": { "optional": "timestamp" } }
                          ]
                        }
                      }
                    }
                  ]
                }
              }
            },
            { "name": "latitude", "type": { "optional": "float" } },
            { "name": "longitude", "type": { "optional": "float" } },
            {
              "name": "sizes",
              "type": {
                "map": { "struct": [{ "name": "width", "type": "int" }, { "name": "height", "type": "int" }] }
              }
            },
            { "name": "byState", "type": { "map": "int" } },
            { "name": "people", "type": { "list": "uuid" } },
            { "name": "faces", "type": { "list": "json" } },
            { "name": "crop", "type": "json" },
            { "name": "palette", "type": { "list": "int" } },
            { "name": "source", "type": "json" },
            { "name": "event", "type": "json" },
            { "name": "change", "type": "json" },
            { "name": "value", "type": "json" },
            { "name": "rating", "type": "json" },
            { "name": "folders", "type": "json" },
            { "name": "extra", "type": "json" },
            { "name": "class", "type": "text" },
            { "name": "device", "type": { "optional": "text" } },
            { "name": "score", "type": "float" },
            {
              "name": "words",
              "type": {
                "struct": [
                  { "name": "container", "type": "bool" },
                  { "name": "decoder", "type": { "optional": "text" } },
                  { "name": "encoder", "type": "uuid" },
                  { "name": "reader", "type": "int" },
                  { "name": "self", "type": "int" },
                  { "name": "init", "type": "json" },
                  { "name": "in", "type": "int" },
                  { "name": "2nd", "type": "int" }
                ]
              }
            },
            { "name": "weight", "type": "text" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "comments": self.comments = value.many(Comment.self)
        case "cover": self.cover = value.one(Tag.self)
        case "original": self.original = value.one(Photo.self)
        case "tags": self.tags = value.many(Tag.self)
        default: break
        }
    }

    public init(
        id: UUID,
        revision: Int64,
        name: String,
        originalId: UUID? = nil,
        tagsIDs: [Tag.ID],
        coverID: Tag.ID? = nil,
        takenAt: Date,
        edits: [Date],
        printedOn: String? = nil,
        stars: Int,
        views: Int64,
        bytes: Int64,
        brightness: Double,
        hidden: Bool,
        caption: String? = nil,
        keywords: [String]? = nil,
        state: PhotoState,
        camera: Camera? = nil,
        latitude: Double? = nil,
        longitude: Double? = nil,
        sizes: [String: Size],
        byState: [String: Int64],
        people: [PersonId],
        faces: [PhotoFaces],
        crop: PhotoCrop,
        palette: [Int],
        source: Source,
        event: PhotoEvent,
        change: Change,
        value: Scalar,
        rating: Rated<String>,
        folders: Folder,
        extra: JSONValue = .null,
        `class`: PhotoKind,
        device: String? = nil,
        score: Double,
        words: Words,
        weight: String,
        comments: [Comment]? = nil,
        cover: Tag? = nil,
        original: Photo? = nil,
        tags: [Tag]? = nil
    ) {
        self.id = id
        self.revision = revision
        self.name = name
        self.originalId = originalId
        self.tagsIDs = tagsIDs
        self.coverID = coverID
        self.takenAt = takenAt
        self.edits = edits
        self.printedOn = printedOn
        self.stars = stars
        self.views = views
        self.bytes = bytes
        self.brightness = brightness
        self.hidden = hidden
        self.caption = caption
        self.keywords = keywords
        self.state = state
        self.camera = camera
        self.latitude = latitude
        self.longitude = longitude
        self.sizes = sizes
        self.byState = byState
        self.people = people
        self.faces = faces
        self.crop = crop
        self.palette = palette
        self.source = source
        self.event = event
        self.change = change
        self.value = value
        self.rating = rating
        self.folders = folders
        self.extra = extra
        self.`class` = `class`
        self.device = device
        self.score = score
        self.words = words
        self.weight = weight
        self.comments = comments
        self.cover = cover
        self.original = original
        self.tags = tags
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.revision = reader.int(Int64.self)
        self.name = reader.text()
        self.originalId = reader.optional { $0.uuid() }
        self.tagsIDs = reader.list { $0.text() }
        self.coverID = reader.optional { $0.text() }
        self.takenAt = reader.date()
        self.edits = reader.list { $0.date() }
        self.printedOn = reader.optional { $0.text() }
        self.stars = reader.int(Int.self)
        self.views = reader.int(Int64.self)
        self.bytes = reader.int(Int64.self)
        self.brightness = reader.double()
        self.hidden = reader.bool()
        self.caption = reader.optional { $0.text() }
        self.keywords = reader.optional { $0.list { $0.text() } }
        self.state = try reader.word(PhotoState.self)
        self.camera = try reader.optional { try Camera(from: &$0) }
        self.latitude = reader.optional { $0.double() }
        self.longitude = reader.optional { $0.double() }
        self.sizes = try reader.map { try Size(from: &$0) }
        self.byState = reader.map { $0.int(Int64.self) }
        self.people = reader.list { PersonId(rawValue: $0.uuid()) }
        self.faces = try reader.list { try $0.json(PhotoFaces.self) }
        self.crop = try reader.json(PhotoCrop.self)
        self.palette = reader.list { $0.int(Int.self) }
        self.source = try reader.json(Source.self)
        self.event = try reader.json(PhotoEvent.self)
        self.change = try reader.json(Change.self)
        self.value = try reader.json(Scalar.self)
        self.rating = try reader.json(Rated<String>.self)
        self.folders = try reader.json(Folder.self)
        self.extra = try reader.json(JSONValue.self)
        self.`class` = try reader.word(PhotoKind.self)
        self.device = reader.optional { $0.text() }
        self.score = reader.double()
        self.words = try Words(from: &reader)
        self.weight = reader.text()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.revision = try container.decode(Int64.self, forKey: .revision)
        self.name = try container.decode(String.self, forKey: .name)
        self.originalId = try container.decodeIfPresent(UUID.self, forKey: .originalId)
        if let rows = try? container.decode([Tag].self, forKey: .tagsIDs), !rows.isEmpty {
            self.tagsIDs = rows.map(\.id)
            self.tags = rows
        } else {
            self.tagsIDs = try container.decode([Tag.ID].self, forKey: .tagsIDs)
        }
        if let rows = try? container.decode(Tag.self, forKey: .coverID) {
            self.coverID = rows.id
            self.cover = rows
        } else {
            self.coverID = try container.decodeIfPresent(Tag.ID.self, forKey: .coverID)
        }
        self.takenAt = try container.decode(Date.self, forKey: .takenAt)
        self.edits = try container.decode([Date].self, forKey: .edits)
        self.printedOn = try container.decodeIfPresent(String.self, forKey: .printedOn)
        self.stars = try container.decode(Int.self, forKey: .stars)
        self.views = try container.decode(Int64.self, forKey: .views)
        self.bytes = try container.decode(Int64.self, forKey: .bytes)
        self.brightness = try container.decode(Double.self, forKey: .brightness)
        self.hidden = try container.decode(Bool.self, forKey: .hidden)
        self.caption = try container.decodeIfPresent(String.self, forKey: .caption)
        self.keywords = try container.decodeIfPresent([String].self, forKey: .keywords)
        self.state = try container.decode(PhotoState.self, forKey: .state)
        self.camera = try container.decodeIfPresent(Camera.self, forKey: .camera)
        self.latitude = try container.decodeIfPresent(Double.self, forKey: .latitude)
        self.longitude = try container.decodeIfPresent(Double.self, forKey: .longitude)
        self.sizes = try container.decode([String: Size].self, forKey: .sizes)
        self.byState = try container.decode([String: Int64].self, forKey: .byState)
        self.people = try container.decode([PersonId].self, forKey: .people)
        self.faces = try container.decode([PhotoFaces].self, forKey: .faces)
        self.crop = try container.decode(PhotoCrop.self, forKey: .crop)
        self.palette = try container.decode([Int].self, forKey: .palette)
        self.source = try container.decode(Source.self, forKey: .source)
        self.event = try container.decode(PhotoEvent.self, forKey: .event)
        self.change = try container.decode(Change.self, forKey: .change)
        self.value = try container.decode(Scalar.self, forKey: .value)
        self.rating = try container.decode(Rated<String>.self, forKey: .rating)
        self.folders = try container.decode(Folder.self, forKey: .folders)
        self.extra = try container.decodeIfPresent(JSONValue.self, forKey: .extra) ?? .null
        self.`class` = try container.decode(PhotoKind.self, forKey: .`class`)
        self.device = try container.decodeIfPresent(String.self, forKey: .device)
        self.score = try container.decode(Double.self, forKey: .score)
        self.words = try container.decode(Words.self, forKey: .words)
        self.weight = try container.decode(String.self, forKey: .weight)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.revision, forKey: .revision)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.originalId.map { $0.uuidString.lowercased() }, forKey: .originalId)
        if let rows = self.tags {
            try container.encode(rows, forKey: .tagsIDs)
        } else {
            try container.encode(self.tagsIDs, forKey: .tagsIDs)
        }
        if let rows = self.cover {
            try container.encode(rows, forKey: .coverID)
        } else {
            try container.encode(self.coverID, forKey: .coverID)
        }
        try container.encode(self.takenAt, forKey: .takenAt)
        try container.encode(self.edits, forKey: .edits)
        try container.encode(self.printedOn, forKey: .printedOn)
        try container.encode(self.stars, forKey: .stars)
        try container.encode(self.views, forKey: .views)
        try container.encode(self.bytes, forKey: .bytes)
        try container.encode(self.brightness, forKey: .brightness)
        try container.encode(self.hidden, forKey: .hidden)
        try container.encodeIfPresent(self.caption, forKey: .caption)
        try container.encodeIfPresent(self.keywords, forKey: .keywords)
        try container.encode(self.state, forKey: .state)
        try container.encode(self.camera, forKey: .camera)
        try container.encode(self.latitude, forKey: .latitude)
        try container.encode(self.longitude, forKey: .longitude)
        try container.encode(self.sizes, forKey: .sizes)
        try container.encode(self.byState, forKey: .byState)
        try container.encode(self.people, forKey: .people)
        try container.encode(self.faces, forKey: .faces)
        try container.encode(self.crop, forKey: .crop)
        try container.encode(self.palette, forKey: .palette)
        try container.encode(self.source, forKey: .source)
        try container.encode(self.event, forKey: .event)
        try container.encode(self.change, forKey: .change)
        try container.encode(self.value, forKey: .value)
        try container.encode(self.rating, forKey: .rating)
        try container.encode(self.folders, forKey: .folders)
        try container.encode(self.extra, forKey: .extra)
        try container.encode(self.`class`, forKey: .`class`)
        try container.encode(self.device, forKey: .device)
        try container.encode(self.score, forKey: .score)
        try container.encode(self.words, forKey: .words)
        try container.encode(self.weight, forKey: .weight)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let revision = Field<Int64>("revision")
        public let name = Field<String>("name")
        public let originalId = Field<UUID?>("originalId")
        public let tagsIDs = Field<[Tag.ID]>("tags")
        public let coverID = Field<Tag.ID?>("cover")
        public let takenAt = Field<Date>("takenAt")
        public let edits = Field<[Date]>("edits")
        public let printedOn = Field<String?>("printedOn")
        public let stars = Field<Int>("stars")
        public let views = Field<Int64>("views")
        public let bytes = Field<Int64>("bytes")
        public let brightness = Field<Double>("brightness")
        public let hidden = Field<Bool>("hidden")
        public let caption = Field<String?>("caption")
        public let keywords = Field<[String]?>("keywords")
        public let state = Field<PhotoState>("state")
        public let camera = Field<Camera?>("camera")
        public let latitude = Field<Double?>("latitude")
        public let longitude = Field<Double?>("longitude")
        public let sizes = Field<[String: Size]>("sizes")
        public let byState = Field<[String: Int64]>("byState")
        public let people = Field<[PersonId]>("people")
        public let faces = Field<[PhotoFaces]>("faces")
        public let crop = Field<PhotoCrop>("crop")
        public let palette = Field<[Int]>("palette")
        public let source = Field<Source>("source")
        public let event = Field<PhotoEvent>("event")
        public let change = Field<Change>("change")
        public let value = Field<Scalar>("value")
        public let rating = Field<Rated<String>>("rating")
        public let folders = Field<Folder>("folders")
        public let extra = Field<JSONValue>("extra")
        public let `class` = Field<PhotoKind>("class")
        public let device = Field<String?>("device")
        public let score = Field<Double>("score")
        public let words = Field<Words>("words")
        public let weight = Field<String>("weight")
        public let comments = Relation<Comment>("comments")
        public let cover = Relation<Tag>("cover")
        public let original = Relation<Photo>("original")
        public let tags = Relation<Tag>("tags")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case revision
        case name
        case originalId
        case tagsIDs = "tags"
        case coverID = "cover"
        case takenAt
        case edits
        case printedOn
        case stars
        case views
        case bytes
        case brightness
        case hidden
        case caption
        case keywords
        case state
        case camera
        case latitude
        case longitude
        case sizes
        case byState
        case people
        case faces
        case crop
        case palette
        case source
        case event
        case change
        case value
        case rating
        case folders
        case extra
        case `class`
        case device
        case score
        case words
        case weight
    }
}

/// A label.
public struct Tag: Resource, Codable, Sendable, Identifiable, Hashable {
    public var slug: String
    public var color: Color

    public var id: String { slug }

    public static let resourceName = "tag"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "tag",
          "id": "slug",
          "merge": "replace",
          "layout": [{ "name": "slug", "type": "text" }, { "name": "color", "type": "text" }]
        }
        """#)

    public init(slug: String, color: Color) {
        self.slug = slug
        self.color = color
    }

    public init(from reader: inout PackedReader) throws {
        self.slug = reader.text()
        self.color = Color(rawValue: reader.text())
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.slug = try container.decode(String.self, forKey: .slug)
        self.color = try container.decode(Color.self, forKey: .color)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.slug, forKey: .slug)
        try container.encode(self.color, forKey: .color)
    }

    public struct Fields: ResourceFields {
        public let slug = Field<String>("slug")
        public let color = Field<Color>("color")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case slug
        case color
    }
}

public struct Comment: Resource, Codable, Sendable, Identifiable, Hashable {
    public var id: Int64
    /// The ids of `photo`.
    public var photoID: Photo.ID
    public var text: String
    /// Nil unless a query includes `photo`.
    @Indirect public var photo: Photo? = nil

    public static let resourceName = "comment"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "comment",
          "id": "id",
          "merge": "replace",
          "relations": { "photo": { "to": "photo", "kind": "one", "field": "photo", "holds": "resources" } },
          "layout": [
            { "name": "id", "type": "int" },
            { "name": "photo", "type": "uuid" },
            { "name": "text", "type": "text" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "photo": self.photo = value.one(Photo.self)
        default: break
        }
    }

    public init(id: Int64, photoID: Photo.ID, text: String, photo: Photo? = nil) {
        self.id = id
        self.photoID = photoID
        self.text = text
        self.photo = photo
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.int(Int64.self)
        self.photoID = reader.uuid()
        self.text = reader.text()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(Int64.self, forKey: .id)
        if let rows = try? container.decode(Photo.self, forKey: .photoID) {
            self.photoID = rows.id
            self.photo = rows
        } else {
            self.photoID = try container.decode(Photo.ID.self, forKey: .photoID)
        }
        self.text = try container.decode(String.self, forKey: .text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        if let rows = self.photo {
            try container.encode(rows, forKey: .photoID)
        } else {
            try container.encode(self.photoID.uuidString.lowercased(), forKey: .photoID)
        }
        try container.encode(self.text, forKey: .text)
    }

    public struct Fields: ResourceFields {
        public let id = Field<Int64>("id")
        public let photoID = Field<Photo.ID>("photo")
        public let text = Field<String>("text")
        public let photo = Relation<Photo>("photo")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case photoID = "photo"
        case text
    }
}

/// `#rrggbb`.
public struct Color: RawRepresentable, Codable, Sendable, Hashable, FieldValue {
    public var rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// How far a photo is.
public enum PhotoState: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    /// Nobody has looked at it.
    case inbox
    case inProgress = "in_progress"
    case done = "default"
}

/// What took it.
public struct Camera: FieldGroup, Codable, Sendable, Hashable {
    public var modelName: String
    public var lens: Lens?

    public init(modelName: String, lens: Lens? = nil) {
        self.modelName = modelName
        self.lens = lens
    }

    public init(from reader: inout PackedReader) throws {
        self.modelName = reader.text()
        self.lens = try reader.optional { try Lens(from: &$0) }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.modelName = try container.decode(String.self, forKey: .modelName)
        self.lens = try container.decodeIfPresent(Lens.self, forKey: .lens)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.modelName, forKey: .modelName)
        try container.encode(self.lens, forKey: .lens)
    }

    public struct Fields: ResourceFields {
        public let modelName = Field<String>("model-name")
        public let lens = Field<Lens?>("lens")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case modelName = "model-name"
        case lens
    }
}

public struct Lens: FieldGroup, Codable, Sendable, Hashable {
    public var focalLength: Double?
    public var bought: Date?

    public init(focalLength: Double? = nil, bought: Date? = nil) {
        self.focalLength = focalLength
        self.bought = bought
    }

    public init(from reader: inout PackedReader) throws {
        self.focalLength = reader.optional { $0.double() }
        self.bought = reader.optional { $0.date() }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.focalLength = try container.decodeIfPresent(Double.self, forKey: .focalLength)
        self.bought = try container.decodeIfPresent(Date.self, forKey: .bought)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.focalLength, forKey: .focalLength)
        try container.encode(self.bought, forKey: .bought)
    }

    public struct Fields: ResourceFields {
        public let focalLength = Field<Double?>("focal_length")
        public let bought = Field<Date?>("bought")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case focalLength = "focal_length"
        case bought
    }
}

public struct Place: FieldGroup, Codable, Sendable, Hashable {
    public var latitude: Double?
    public var longitude: Double?

    public init(latitude: Double? = nil, longitude: Double? = nil) {
        self.latitude = latitude
        self.longitude = longitude
    }

    public init(from reader: inout PackedReader) throws {
        self.latitude = reader.optional { $0.double() }
        self.longitude = reader.optional { $0.double() }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.latitude = try container.decodeIfPresent(Double.self, forKey: .latitude)
        self.longitude = try container.decodeIfPresent(Double.self, forKey: .longitude)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.latitude, forKey: .latitude)
        try container.encode(self.longitude, forKey: .longitude)
    }

    public struct Fields: ResourceFields {
        public let latitude = Field<Double?>("latitude")
        public let longitude = Field<Double?>("longitude")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case latitude
        case longitude
    }
}

public struct Size: FieldGroup, Codable, Sendable, Hashable {
    public var width: Int64
    public var height: Int64

    public init(width: Int64, height: Int64) {
        self.width = width
        self.height = height
    }

    public init(from reader: inout PackedReader) throws {
        self.width = reader.int(Int64.self)
        self.height = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.width = try container.decode(Int64.self, forKey: .width)
        self.height = try container.decode(Int64.self, forKey: .height)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.width, forKey: .width)
        try container.encode(self.height, forKey: .height)
    }

    public struct Fields: ResourceFields {
        public let width = Field<Int64>("width")
        public let height = Field<Int64>("height")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case width
        case height
    }
}

public struct PersonId: RawRepresentable, Codable, Sendable, Hashable, FieldValue {
    public var rawValue: UUID

    public init(rawValue: UUID) {
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(UUID.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue.uuidString.lowercased())
    }
}

public struct Rect: Codable, Sendable, Hashable {
    public var _0: Int
    public var _1: Int
    public var _2: Int
    public var _3: Int

    public init(_ _0: Int, _ _1: Int, _ _2: Int, _ _3: Int) {
        self._0 = _0
        self._1 = _1
        self._2 = _2
        self._3 = _3
    }

    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _0 = try list.decode(Int.self)
        _1 = try list.decode(Int.self)
        _2 = try list.decode(Int.self)
        _3 = try list.decode(Int.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(_0)
        try list.encode(_1)
        try list.encode(_2)
        try list.encode(_3)
    }
}

/// Tagged from the outside.
public enum Source: Codable, Sendable, Hashable {
    case unknown
    /// Out of a card.
    case card(Size)
    case scan(String, Int64?)
    case `import`(fromUrl: String, by: UUID?)

    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            switch word {
            case "unknown": self = .unknown
            case let word:
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(word)` is no variant of Source."))
            }
            return
        }
        let container = try decoder.container(keyedBy: LarderKey.self)
        switch container.allKeys.first?.stringValue ?? "" {
        case "card":
            self = .card(try container.decode(Size.self, forKey: "card"))
        case "scan":
            var list = try container.nestedUnkeyedContainer(forKey: "scan")
            self = try .scan(list.decode(String.self), list.decode(Int64?.self))
        case "import":
            let container = try container.nestedContainer(keyedBy: LarderKey.self, forKey: "import")
            self = .`import`(fromUrl: try container.decode(String.self, forKey: "fromUrl"), by: try container.decodeIfPresent(UUID.self, forKey: "by"))
        case let tag:
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(tag)` is no variant of Source."))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .unknown:
            var container = encoder.singleValueContainer()
            try container.encode("unknown")
        case .card(let value0):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode(value0, forKey: "card")
        case .scan(let value0, let value1):
            var container = encoder.container(keyedBy: LarderKey.self)
            var list = container.nestedUnkeyedContainer(forKey: "scan")
            try list.encode(value0)
            try list.encode(value1)
        case .`import`(let value0, let value1):
            var container = encoder.container(keyedBy: LarderKey.self)
            var inner = container.nestedContainer(keyedBy: LarderKey.self, forKey: "import")
            try inner.encode(value0, forKey: "fromUrl")
            try inner.encode(value1.map { $0.uuidString.lowercased() }, forKey: "by")
        }
    }
}

/// Tagged from the inside.
public enum PhotoEvent: Codable, Sendable, Hashable {
    case created(photoId: UUID, at: Date)
    case resized(Size)
    case cleared
    case other

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: LarderKey.self)
        switch try container.decode(String.self, forKey: "type") {
        case "created":
            self = .created(photoId: try container.decode(UUID.self, forKey: "photoId"), at: try container.decode(Date.self, forKey: "at"))
        case "resized":
            self = .resized(try Size(from: decoder))
        case "cleared":
            self = .cleared
        default: self = .other
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .created(let value0, let value1):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("created", forKey: "type")
            try container.encode(value0.uuidString.lowercased(), forKey: "photoId")
            try container.encode(value1, forKey: "at")
        case .resized(let value0):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("resized", forKey: "type")
            try value0.encode(to: encoder)
        case .cleared:
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("cleared", forKey: "type")
        case .other:
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("other", forKey: "type")
        }
    }
}

/// Tagged beside.
public enum Change: Codable, Sendable, Hashable {
    case stars(Int)
    case moved(String, String)
    case cropped(by: Rect)
    case undone

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: LarderKey.self)
        switch try container.decode(String.self, forKey: "t") {
        case "Stars":
            self = .stars(try container.decode(Int.self, forKey: "c"))
        case "Moved":
            var list = try container.nestedUnkeyedContainer(forKey: "c")
            self = try .moved(list.decode(String.self), list.decode(String.self))
        case "Cropped":
            let container = try container.nestedContainer(keyedBy: LarderKey.self, forKey: "c")
            self = .cropped(by: try container.decode(Rect.self, forKey: "by"))
        case "Undone":
            self = .undone
        case let tag:
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(tag)` is no variant of Change."))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .stars(let value0):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("Stars", forKey: "t")
            try container.encode(value0, forKey: "c")
        case .moved(let value0, let value1):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("Moved", forKey: "t")
            var list = container.nestedUnkeyedContainer(forKey: "c")
            try list.encode(value0)
            try list.encode(value1)
        case .cropped(let value0):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("Cropped", forKey: "t")
            var inner = container.nestedContainer(keyedBy: LarderKey.self, forKey: "c")
            try inner.encode(value0, forKey: "by")
        case .undone:
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode("Undone", forKey: "t")
        }
    }
}

/// Not tagged.
public enum Scalar: Codable, Sendable, Hashable {
    case number(Double)
    case text(String)
    case pair(String, Double)
    case person(person: PersonId)
    case nothing

    public init(from decoder: any Decoder) throws {
        if let value = try? decoder.singleValueContainer().decode(Double.self) {
            self = .number(value)
            return
        }
        if let value = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(value)
            return
        }
        do {
            var list = try decoder.unkeyedContainer()
            self = try .pair(list.decode(String.self), list.decode(Double.self))
            return
        } catch {}
        do {
            let container = try decoder.container(keyedBy: LarderKey.self)
            self = .person(person: try container.decode(PersonId.self, forKey: "person"))
            return
        } catch {}
        if let value = try? decoder.singleValueContainer(), value.decodeNil() {
            self = .nothing
            return
        }
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "The value is no Scalar."))
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .number(let value0):
            var container = encoder.singleValueContainer()
            try container.encode(value0)
        case .text(let value0):
            var container = encoder.singleValueContainer()
            try container.encode(value0)
        case .pair(let value0, let value1):
            var list = encoder.unkeyedContainer()
            try list.encode(value0)
            try list.encode(value1)
        case .person(let value0):
            var container = encoder.container(keyedBy: LarderKey.self)
            try container.encode(value0, forKey: "person")
        case .nothing:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        }
    }
}

/// Something and what is thought of it.
public struct Rated<T: Codable & Hashable & Sendable>: FieldGroup, Codable, Sendable, Hashable {
    public var what: T
    public var stars: Int?

    public init(what: T, stars: Int? = nil) {
        self.what = what
        self.stars = stars
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.what = try container.decode(T.self, forKey: .what)
        self.stars = try container.decodeIfPresent(Int.self, forKey: .stars)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.what, forKey: .what)
        try container.encode(self.stars, forKey: .stars)
    }

    public struct Fields: ResourceFields {
        public let what = Field<T>("what")
        public let stars = Field<Int?>("stars")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case what
        case stars
    }
}

public struct Folder: FieldGroup, Codable, Sendable, Hashable {
    public var name: String
    public var folders: [Folder]
    @Indirect public var parent: Folder?

    public init(name: String, folders: [Folder], parent: Folder? = nil) {
        self.name = name
        self.folders = folders
        self.parent = parent
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.name = try container.decode(String.self, forKey: .name)
        self.folders = try container.decode([Folder].self, forKey: .folders)
        self.parent = try container.decodeIfPresent(Folder.self, forKey: .parent)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.folders, forKey: .folders)
        try container.encode(self.parent, forKey: .parent)
    }

    public struct Fields: ResourceFields {
        public let name = Field<String>("name")
        public let folders = Field<[Folder]>("folders")
        public let parent = Field<Folder?>("parent")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case folders
        case parent
    }
}

public enum PhotoKind: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {
    case still
    case live
}

/// Names that mean something in Swift, or in what is generated.
public struct Words: FieldGroup, Codable, Sendable, Hashable {
    public var container: Bool
    public var decoder: String?
    public var encoder: UUID
    public var reader: Int
    public var self_: Int
    public var init_: Odd
    public var `in`: Int
    public var _2nd: Int

    public init(
        container: Bool,
        decoder: String? = nil,
        encoder: UUID,
        reader: Int,
        self_: Int,
        init_: Odd,
        `in`: Int,
        _2nd: Int
    ) {
        self.container = container
        self.decoder = decoder
        self.encoder = encoder
        self.reader = reader
        self.self_ = self_
        self.init_ = init_
        self.`in` = `in`
        self._2nd = _2nd
    }

    public init(from reader: inout PackedReader) throws {
        self.container = reader.bool()
        self.decoder = reader.optional { $0.text() }
        self.encoder = reader.uuid()
        self.reader = reader.int(Int.self)
        self.self_ = reader.int(Int.self)
        self.init_ = try reader.json(Odd.self)
        self.`in` = reader.int(Int.self)
        self._2nd = reader.int(Int.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.container = try container.decode(Bool.self, forKey: .container)
        self.decoder = try container.decodeIfPresent(String.self, forKey: .decoder)
        self.encoder = try container.decode(UUID.self, forKey: .encoder)
        self.reader = try container.decode(Int.self, forKey: .reader)
        self.self_ = try container.decode(Int.self, forKey: .self_)
        self.init_ = try container.decode(Odd.self, forKey: .init_)
        self.`in` = try container.decode(Int.self, forKey: .`in`)
        self._2nd = try container.decode(Int.self, forKey: ._2nd)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.container, forKey: .container)
        try container.encode(self.decoder, forKey: .decoder)
        try container.encode(self.encoder.uuidString.lowercased(), forKey: .encoder)
        try container.encode(self.reader, forKey: .reader)
        try container.encode(self.self_, forKey: .self_)
        try container.encode(self.init_, forKey: .init_)
        try container.encode(self.`in`, forKey: .`in`)
        try container.encode(self._2nd, forKey: ._2nd)
    }

    public struct Fields: ResourceFields {
        public let container = Field<Bool>("container")
        public let decoder = Field<String?>("decoder")
        public let encoder = Field<UUID>("encoder")
        public let reader = Field<Int>("reader")
        public let self_ = Field<Int>("self")
        public let init_ = Field<Odd>("init")
        public let `in` = Field<Int>("in")
        public let _2nd = Field<Int>("2nd")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case container
        case decoder
        case encoder
        case reader
        case self_ = "self"
        case init_ = "init"
        case `in`
        case _2nd = "2nd"
    }
}

public enum Odd: Codable, Sendable, Hashable {
    case `default`
    case init_
    case `repeat`(container: Int, encoder: Int, `default`: Int)

    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            switch word {
            case "Default": self = .`default`
            case "Init": self = .init_
            case let word:
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(word)` is no variant of Odd."))
            }
            return
        }
        let container = try decoder.container(keyedBy: LarderKey.self)
        switch container.allKeys.first?.stringValue ?? "" {
        case "Repeat":
            let container = try container.nestedContainer(keyedBy: LarderKey.self, forKey: "Repeat")
            self = .`repeat`(container: try container.decode(Int.self, forKey: "container"), encoder: try container.decode(Int.self, forKey: "encoder"), default: try container.decode(Int.self, forKey: "default"))
        case let tag:
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "`\(tag)` is no variant of Odd."))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .`default`:
            var container = encoder.singleValueContainer()
            try container.encode("Default")
        case .init_:
            var container = encoder.singleValueContainer()
            try container.encode("Init")
        case .`repeat`(let value0, let value1, let value2):
            var container = encoder.container(keyedBy: LarderKey.self)
            var inner = container.nestedContainer(keyedBy: LarderKey.self, forKey: "Repeat")
            try inner.encode(value0, forKey: "container")
            try inner.encode(value1, forKey: "encoder")
            try inner.encode(value2, forKey: "default")
        }
    }
}

/// An array in JSON.
public struct PhotoFaces: Codable, Sendable, Hashable {
    public var _0: PersonId
    public var _1: Rect

    public init(_ _0: PersonId, _ _1: Rect) {
        self._0 = _0
        self._1 = _1
    }

    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _0 = try list.decode(PersonId.self)
        _1 = try list.decode(Rect.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(_0)
        try list.encode(_1)
    }
}

/// An array in JSON.
public struct PhotoCrop: Codable, Sendable, Hashable {
    public var _0: Int64
    public var _1: Int64

    public init(_ _0: Int64, _ _1: Int64) {
        self._0 = _0
        self._1 = _1
    }

    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _0 = try list.decode(Int64.self)
        _1 = try list.decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(_0)
        try list.encode(_1)
    }
}

/// The resource types, for `LarderClient`.
public enum Photos {
    public static let registry = Registry(Photo.self, Tag.self, Comment.self)
}

private struct LarderKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
