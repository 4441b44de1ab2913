import Larder
import XCTest

/// `Album` and `Artist` are two structs in Rust (`codegen/tests/it/album.rs`); all Swift about them is generated.
final class AlbumTests: XCTestCase, @unchecked Sendable {
    private let blue = "0190c5a0-0000-7000-8000-000000000001"
    private let joni = "0190c5a0-0000-7000-8000-0000000000aa"

    private func album(_ id: String, _ title: String, year: String = "null", version: Int = 1) -> String {
        """
        {"ResourceChanged":{"resource_type":"album","resource":{"id":"\(id)","title":"\(title)","year":\(year),\
        "artists":[{"id":"\(joni)","name":"Joni Mitchell"}],"version":\(version)}}}
        """
    }

    @MainActor
    func testAnEventOfANewTypeIsInALiveQueryOverItsFields() async throws {
        let client = try LarderClient(Music.registry)
        let albums = client.live(Album.where(\.title >= "B").order(by: \.title))
        try client.apply(album("0190c5a0-0000-7000-8000-000000000002", "Hejira"))
        try client.apply(album(blue, "Blue", year: "1971"))
        try client.apply(album("0190c5a0-0000-7000-8000-000000000003", "A"))
        XCTAssertEqual(albums.values.map(\.title), ["Blue", "Hejira"])
        XCTAssertEqual(albums.values.first, Album(
            id: try XCTUnwrap(UUID(uuidString: blue)), title: "Blue", year: 1971, artistsIDs: [try XCTUnwrap(UUID(uuidString: joni))], version: 1
        ))
        try client.apply(album(blue, "Blue (remastered)", year: "1971", version: 2))
        XCTAssertEqual(albums.values.first?.title, "Blue (remastered)")
    }

    @MainActor
    func testWhatWasEmbeddedComesBackThroughInclude() async throws {
        let client = try LarderClient(Music.registry)
        try client.apply(album(blue, "Blue"))
        let albums = client.live(Album.all.include(\.artists))
        XCTAssertEqual(albums.values.first?.artists?.map(\.name), ["Joni Mitchell"])
        let artists = client.live(Artist.where(\.name == "Joni Mitchell").include(\.albums))
        XCTAssertEqual(artists.values.first?.albums?.map(\.title), ["Blue"])
        XCTAssertNil(client.live(Album.all).values.first?.artists)
    }

    @MainActor
    func testAnOptimisticEditIsTyped() async throws {
        let client = try LarderClient(Music.registry)
        try client.apply(album(blue, "Blue"))
        let albums = client.live(Album.all)
        try client.mutate("albums.date", ["year": 1971], Album.merge(try XCTUnwrap(UUID(uuidString: blue)), .set(\.year, to: 1971)))
        XCTAssertEqual(albums.values.first?.year, 1971)
    }
}
