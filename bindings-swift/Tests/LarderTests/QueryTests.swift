import Foundation
import Larder
import Testing

struct QueryTests {
    private func check<Row: Resource>(_ query: Query<Row>, _ text: String, _ here: SourceLocation = #_sourceLocation) {
        #expect(query.json == JSONValue(parsing: text), "\(query.json.text)", sourceLocation: here)
    }

    @Test func aQueryIsTheSameJSONAsInEveryLanguage() {
        check(Entry.all, #"{"from":"file"}"#)
        check(
            Entry.where(\.parentId == "p").order(by: \.name, .natural).order(by: \.size, .byte, .descending, nils: .last).offset(5).limit(100),
            #"""
            {"from":"file","where":{"parent_id":{"eq":"p"}},"limit":100,"offset":5,
             "orderBy":[{"name":{"dir":"asc","collate":"natural"}},{"size":{"dir":"desc","nulls":"last"}}]}
            """#)
    }

    @Test func conditionsAreMadeOfKeyPaths() {
        check(
            Entry.where(\.size > 10 && \.size <= 20 || !(\.name != "a")),
            #"""
            {"from":"file","where":{"or":[{"and":[{"size":{"gt":10}},{"size":{"lte":20}}]},{"not":{"name":{"ne":"a"}}}]}}
            """#)
        check(Entry.where(.isNil(\.parentId)), #"{"from":"file","where":{"parent_id":{"isNull":true}}}"#)
        check(Entry.where(\.parentId == nil), #"{"from":"file","where":{"parent_id":{"eq":null}}}"#)
        check(Entry.where(.contains(\.tags, "r")), #"{"from":"file","where":{"tags":{"contains":"r"}}}"#)
        check(Entry.where(.isIn(\.id, ["1", "2"])), #"{"from":"file","where":{"id":{"in":["1","2"]}}}"#)
        check(
            Entry.where(.startsWith(\.name, "IMG", ignoringCase: true) && .under(\.parentId, "/a")),
            #"""
            {"from":"file","where":{"and":[{"name":{"startsWith":"IMG","ignoreCase":true}},{"parent_id":{"under":"/a"}}]}}
            """#)
        check(Mark.where(\.look.color == "#f00"), ##"{"from":"tag","where":{"look.color":{"eq":"#f00"}}}"##)
    }

    @Test func relationsAreIncludedAndRefined() {
        check(Entry.all.include(\.includedTags), #"{"from":"file","include":{"tags":true}}"#)
        check(
            Entry.all.include(\.includedTags) { $0.filter(\.name == "red").order(by: \.name).limit(3) },
            #"""
            {"from":"file","include":{"tags":{"where":{"name":{"eq":"red"}},"orderBy":[{"name":{"dir":"asc"}}],"limit":3}}}
            """#)
    }

    @Test func textIsQuotedAsJSONWants() {
        let awkward = "\"\\\u{1}\n\u{1F600}é"
        #expect(JSONValue(parsing: JSONValue.string(awkward).text) == .string(awkward))
    }

    @Test func momentsAreWrittenAndReadAsRFC3339() throws {
        let date = Date(timeIntervalSince1970: 1_795_255_445.25)
        #expect(date.json == "2026-11-21T10:04:05.250Z")
        #expect(Date(timeIntervalSince1970: -1).json == "1969-12-31T23:59:59.000Z")
        #expect(UUID(uuidString: "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")?.json == "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
    }
}
