import Foundation

/// One row as it is in a patch.
enum RowBytes {
    /// Laid out as the registry says.
    case packed(UnsafeRawBufferPointer)
    /// JSON text.
    case json(UnsafeRawBufferPointer)
    /// It does not fit its layout.
    case misfit(String)
}

/// The rows of a patch, one after the other.
struct RowPayload {
    private var rest: UnsafeRawBufferPointer
    private let isPacked: Bool

    init(_ patch: PatchReader) throws(LarderError) {
        isPacked = patch.isPacked
        rest = patch.payload
        if !isPacked && patch.rowCount > 0 {
            guard rest.first == UInt8(ascii: "["), rest.last == UInt8(ascii: "]") else { throw .corrupt("its rows are no JSON array") }
            rest = UnsafeRawBufferPointer(rebasing: rest[1..<rest.count - 1])
        }
    }

    mutating func next() throws(LarderError) -> RowBytes {
        isPacked ? try packed() : try json()
    }

    private mutating func packed() throws(LarderError) -> RowBytes {
        guard rest.count >= 8 else { throw .corrupt("it announces more rows than it has") }
        let length = Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
        let kind = UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        guard rest.count >= 8 + length else { throw .corrupt("a row lies beyond its end") }
        let row = UnsafeRawBufferPointer(rebasing: rest[8..<8 + length])
        rest = UnsafeRawBufferPointer(rebasing: rest[(8 + length)...])
        return switch kind {
        case 0: .packed(row)
        case 1: .json(row)
        case 2: .misfit(String(decoding: row, as: UTF8.self))
        default: throw .corrupt("a row is of the unknown kind \(kind)")
        }
    }

    /// An element of the array: up to the comma that is in no object, array or string.
    private mutating func json() throws(LarderError) -> RowBytes {
        var (depth, isText, isEscaped, end) = (0, false, false, 0)
        scan: for byte in rest {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isText
            case UInt8(ascii: "\""): isText.toggle()
            case _ where isText: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ",") where depth == 0: break scan
            default: break
            }
            end += 1
        }
        guard end > 0 else { throw .corrupt("it announces more rows than it has") }
        let row = UnsafeRawBufferPointer(rebasing: rest[..<end])
        rest = UnsafeRawBufferPointer(rebasing: rest[min(end + 1, rest.count)...])
        return .json(row)
    }
}
