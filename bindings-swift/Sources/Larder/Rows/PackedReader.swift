import Foundation

/// Reads the fields of one packed row, in the order of its layout. It does not copy the row, and lives no longer than the
/// initializer that it is given to.
///
/// A row that is shorter than its layout does not trap: fields beyond the end are zero or empty, and `isDamaged` is set.
public struct PackedReader {
    @usableFromInline var at: UnsafeRawPointer
    @usableFromInline let end: UnsafeRawPointer
    /// Something was not there, or is not what it should be.
    public var isDamaged = false

    /// `row` must stay where it is for as long as this is used.
    @usableFromInline
    init(_ row: UnsafeRawBufferPointer) {
        let base = row.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        at = base
        end = base + row.count
    }

    @inlinable
    mutating func take(_ count: Int) -> UnsafeRawPointer? {
        guard count >= 0, end - at >= count else {
            isDamaged = true
            at = end
            return nil
        }
        defer { at += count }
        return at
    }

    @inlinable
    mutating func load<Value: BitwiseCopyable>(_ type: Value.Type, or fallback: Value) -> Value {
        take(MemoryLayout<Value>.size)?.loadUnaligned(as: type) ?? fallback
    }

    @inlinable
    mutating func count() -> Int {
        Int(UInt32(littleEndian: load(UInt32.self, or: 0)))
    }

    @inlinable
    mutating func bytes() -> UnsafeRawBufferPointer {
        let length = count()
        return UnsafeRawBufferPointer(start: take(length), count: isDamaged ? 0 : length)
    }

    /// `true` or `false`.
    @inlinable
    public mutating func bool() -> Bool {
        load(UInt8.self, or: 0) != 0
    }

    /// An integer, of the width that is asked for; one that does not fit damages the row.
    @inlinable
    public mutating func int<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) -> Integer {
        let wide = Int64(littleEndian: load(Int64.self, or: 0))
        guard let value = Integer(exactly: wide) else {
            isDamaged = true
            return 0
        }
        return value
    }

    /// Any number.
    @inlinable
    public mutating func double() -> Double {
        Double(bitPattern: UInt64(littleEndian: load(UInt64.self, or: 0)))
    }

    /// A number of which Swift keeps half the digits.
    @inlinable
    public mutating func float() -> Float {
        Float(double())
    }

    /// 16 bytes.
    @inlinable
    public mutating func uuid() -> UUID {
        guard let start = take(16) else { return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
        return UUID(uuid: start.loadUnaligned(as: uuid_t.self))
    }

    /// A moment, to the microsecond.
    @inlinable
    public mutating func date() -> Date {
        Date(timeIntervalSince1970: Double(int(Int64.self)) / 1_000_000)
    }

    /// A string.
    @inlinable
    public mutating func text() -> String {
        String(decoding: bytes(), as: UTF8.self)
    }

    /// A value that was left as JSON, read by its `Decodable`.
    public mutating func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONRow.decode(type, from: bytes())
    }

    /// An enum of words, by its word.
    @inlinable
    public mutating func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word where Word.RawValue == String {
        let text = text()
        guard let word = Word(rawValue: text) else {
            throw LarderError.row(kind: "row.unknown_word", message: "`\(text)` is none of the words of \(Word.self)")
        }
        return word
    }

    /// A value that may be null.
    @inlinable
    public mutating func optional<Value>(_ read: (inout PackedReader) throws -> Value) rethrows -> Value? {
        bool() ? try read(&self) : nil
    }

    /// An array.
    @inlinable
    public mutating func list<Element>(_ read: (inout PackedReader) throws -> Element) rethrows -> [Element] {
        let count = count()
        var list: [Element] = []
        // Each element has a byte at least; a damaged count must not reserve the memory of the machine.
        list.reserveCapacity(min(count, end - at))
        for _ in 0..<count where !isDamaged { list.append(try read(&self)) }
        return list
    }

    /// An object with keys of any name.
    @inlinable
    public mutating func map<Element>(_ read: (inout PackedReader) throws -> Element) rethrows -> [String: Element] {
        let count = count()
        var map: [String: Element] = [:]
        for _ in 0..<count where !isDamaged {
            let key = text()
            map[key] = try read(&self)
        }
        return map
    }
}
