import XCTest

@testable import Larder

/// `Photo` has a field of everything that has a counterpart (`codegen/tests/it/fixture.rs`).
final class PhotoTests: XCTestCase, @unchecked Sendable {
    /// What serde writes for one. A test in Rust keeps it so (`codegen/tests/it/sample.rs`).
    private func sample() throws -> String {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return try String(contentsOf: folder.appendingPathComponent("codegen/tests/sample/photo.json"), encoding: .utf8)
    }

    private func decode<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try Data(text.utf8).withUnsafeBytes { try JSONRow.decode(type, from: $0) }
    }

    private func json(_ text: String) throws -> JSONValue {
        try XCTUnwrap(JSONValue(parsing: text))
    }

    @MainActor
    func testWhatTheBackendSendsIsReadAndWrittenAsItWas() async throws {
        let photo: Photo = try decode(sample())
        XCTAssertEqual(try json(JSONRow.encode(photo)), try json(sample()))
        XCTAssertEqual(photo.tags, [Tag(slug: "sea", color: Color(rawValue: "#00f"))])
        XCTAssertEqual(photo.tagsIDs, ["sea"])
        XCTAssertNil(photo.caption)
    }

    @MainActor
    func testAPackedRowSaysWhatTheJSONSays() async throws {
        let client = try LarderClient(Photos.registry)
        try client.apply(#"{"ResourceChanged":{"resource_type":"photo","resource":\#(try sample())}}"#)
        let photos = client.live(Photo.where(\.camera.modelName == "X"))
        let packed = try XCTUnwrap(photos.values.first)
        var sent: Photo = try decode(sample())
        // Without `include`, a row has the ids.
        sent.tags = nil
        sent.cover = nil
        XCTAssertEqual(packed, sent)
    }

    @MainActor
    func testIncludedRowsOfEachKindArePutIn() async throws {
        let client = try LarderClient(Photos.registry)
        try client.apply(#"{"ResourceChanged":{"resource_type":"comment","resource":{"id":7,"photo":\#(try sample()),"text":"Wow"}}}"#)
        let photo = try XCTUnwrap(client.live(Photo.all.include(\.tags).include(\.cover).include(\.comments)).values.first)
        XCTAssertEqual(photo.tags?.map(\.slug), ["sea"])
        XCTAssertEqual(photo.cover?.slug, "top")
        XCTAssertEqual(photo.comments?.map(\.id), [7])
        let comment = try XCTUnwrap(client.live(Comment.all.include(\.photo)).values.first)
        XCTAssertEqual(comment.photo?.name, "Cliff \"at\" dawn")
        XCTAssertEqual(comment.photoID, photo.id)
    }

    @MainActor
    func testEachTaggingOfSerdeIsReadAndWritten() async throws {
        func check<Value: Codable & Equatable>(_ text: String, _ value: Value) throws {
            XCTAssertEqual(try decode(text, as: Value.self), value)
            XCTAssertEqual(try json(JSONRow.encode(value)), try json(text))
        }
        try check(#""unknown""#, Source.unknown)
        try check(#"{"card":{"width":1,"height":2}}"#, Source.card(Size(width: 1, height: 2)))
        try check(#"{"scan":["a",null]}"#, Source.scan("a", nil))
        try check(#"{"type":"resized","width":1,"height":2}"#, PhotoEvent.resized(Size(width: 1, height: 2)))
        try check(#"{"type":"cleared"}"#, PhotoEvent.cleared)
        try check(#"{"t":"Stars","c":3}"#, Change.stars(3))
        try check(#"{"t":"Cropped","c":{"by":[1,2,3,4]}}"#, Change.cropped(by: Rect(1, 2, 3, 4)))
        try check(#"{"t":"Undone"}"#, Change.undone)
        try check("1.5", Scalar.number(1.5))
        try check(#"["a",2]"#, Scalar.pair("a", 2))
        try check("null", Scalar.nothing)
        XCTAssertEqual(try decode(#"{"type":"from a later version"}"#, as: PhotoEvent.self), .other)
        XCTAssertThrowsError(try decode(#"{"t":"Burnt"}"#, as: Change.self)) { error in
            XCTAssertTrue("\(error)".contains("`Burnt` is no variant of Change."), "\(error)")
        }
    }
}
