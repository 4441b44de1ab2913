// Written by larder-codegen from types in Rust. Do not edit.

import Foundation
import Larder

/// Tracks in an order.
public struct Album: Resource, Codable, Sendable, Identifiable, Hashable {
    public var id: UUID
    /// What it is called.
    public var title: String
    public var year: Int?
    /// Who made it.
    /// The ids of `artists`.
    public var artistsIDs: [Artist.ID]
    public var version: Int64
    /// Nil unless a query includes `artists`.
    public var artists: [Artist]?

    public static let resourceName = "album"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "album",
          "id": "id",
          "version": "version",
          "merge": "replace",
          "relations": { "artists": { "to": "artist", "kind": "many", "field": "artists", "holds": "resources" } },
          "index": ["title"],
          "layout": [
            { "name": "id", "type": "uuid" },
            { "name": "title", "type": "text" },
            { "name": "year", "type": { "optional": "int" } },
            { "name": "artists", "type": { "list": "uuid" } },
            { "name": "version", "type": "int" }
          ]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "artists": self.artists = value.many(Artist.self)
        default: break
        }
    }

    public init(
        id: UUID,
        title: String,
        year: Int? = nil,
        artistsIDs: [Artist.ID],
        version: Int64,
        artists: [Artist]? = nil
    ) {
        self.id = id
        self.title = title
        self.year = year
        self.artistsIDs = artistsIDs
        self.version = version
        self.artists = artists
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.title = reader.text()
        self.year = reader.optional { $0.int(Int.self) }
        self.artistsIDs = reader.list { $0.uuid() }
        self.version = reader.int(Int64.self)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.title = try container.decode(String.self, forKey: .title)
        self.year = try container.decodeIfPresent(Int.self, forKey: .year)
        if let rows = try? container.decode([Artist].self, forKey: .artistsIDs), !rows.isEmpty {
            self.artistsIDs = rows.map(\.id)
            self.artists = rows
        } else {
            self.artistsIDs = try container.decode([Artist.ID].self, forKey: .artistsIDs)
        }
        self.version = try container.decode(Int64.self, forKey: .version)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.title, forKey: .title)
        try container.encode(self.year, forKey: .year)
        if let rows = self.artists {
            try container.encode(rows, forKey: .artistsIDs)
        } else {
            try container.encode(self.artistsIDs.map { $0.uuidString.lowercased() }, forKey: .artistsIDs)
        }
        try container.encode(self.version, forKey: .version)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let title = Field<String>("title")
        public let year = Field<Int?>("year")
        public let artistsIDs = Field<[Artist.ID]>("artists")
        public let version = Field<Int64>("version")
        public let artists = Relation<Artist>("artists")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case title
        case year
        case artistsIDs = "artists"
        case version
    }
}

/// Somebody who makes music.
public struct Artist: Resource, Codable, Sendable, Identifiable, Hashable {
    public var id: UUID
    public var name: String
    /// Nil unless a query includes `albums`.
    public var albums: [Album]?

    public static let resourceName = "artist"

    public static let resourceType = ResourceType(json: #"""
        {
          "name": "artist",
          "id": "id",
          "merge": "replace",
          "relations": { "albums": { "to": "album", "kind": "many", "field": "artists", "holds": "reverse" } },
          "layout": [{ "name": "id", "type": "uuid" }, { "name": "name", "type": "text" }]
        }
        """#)

    public mutating func include(_ relation: String, _ value: IncludedValue) {
        switch relation {
        case "albums": self.albums = value.many(Album.self)
        default: break
        }
    }

    public init(id: UUID, name: String, albums: [Album]? = nil) {
        self.id = id
        self.name = name
        self.albums = albums
    }

    public init(from reader: inout PackedReader) throws {
        self.id = reader.uuid()
        self.name = reader.text()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(UUID.self, forKey: .id)
        self.name = try container.decode(String.self, forKey: .name)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id.uuidString.lowercased(), forKey: .id)
        try container.encode(self.name, forKey: .name)
    }

    public struct Fields: ResourceFields {
        public let id = Field<UUID>("id")
        public let name = Field<String>("name")
        public let albums = Relation<Album>("albums")

        public init() {}
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
    }
}

/// The resource types, for `LarderClient`.
public enum Music {
    public static let registry = Registry(Album.self, Artist.self)
}
