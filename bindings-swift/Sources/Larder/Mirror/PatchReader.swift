/// The words of one patch (PROTOCOL.md, section 3), which stays where it is for as long as this is used.
struct PatchReader {
    static let shapeBit: UInt32 = 1 << 31
    private static let magic: UInt32 = 0x3150_444c  // "LDP1"
    private static let headerWords = 12

    private let bytes: UnsafeRawBufferPointer
    private var at = headerWords

    let isPacked: Bool
    let rowCount: Int
    let releasedCount: Int
    let queryCount: Int
    let shapeCount: Int
    let nodeCount: Int
    let payload: UnsafeRawBufferPointer
    private let names: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) throws(LarderError) {
        func header(_ index: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        }
        guard bytes.count >= 4 * Self.headerWords, header(0) == Int(Self.magic) else {
            throw .corrupt("it does not begin with the magic word")
        }
        guard header(1) == bytes.count else { throw .corrupt("it is \(bytes.count) bytes long and says \(header(1))") }
        guard header(2) <= 1 else { throw .corrupt("its rows are in the unknown encoding \(header(2))") }
        guard header(6) + header(7) <= bytes.count, header(10) + header(11) <= bytes.count else {
            throw .corrupt("a part of it lies beyond its end")
        }
        self.bytes = bytes
        isPacked = header(2) == 1
        (rowCount, releasedCount, queryCount) = (header(3), header(4), header(5))
        (shapeCount, nodeCount) = (header(8), header(9))
        payload = UnsafeRawBufferPointer(rebasing: bytes[header(6)..<header(6) + header(7)])
        names = UnsafeRawBufferPointer(rebasing: bytes[header(10)..<header(10) + header(11)])
    }

    /// The next word.
    mutating func word() throws(LarderError) -> UInt32 {
        guard 4 * at + 4 <= bytes.count else { throw .corrupt("it ends in the middle of a list") }
        defer { at += 1 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * at, as: UInt32.self))
    }

    mutating func number() throws(LarderError) -> Int {
        Int(try word())
    }

    mutating func skip(_ words: Int) {
        at += words
    }

    /// The same patch, read on from here.
    var copy: PatchReader { self }

    func name(at offset: Int, length: Int) throws(LarderError) -> String {
        guard offset + length <= names.count else { throw .corrupt("a name lies beyond its end") }
        return String(decoding: names[offset..<offset + length], as: UTF8.self)
    }
}
