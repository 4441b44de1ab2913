import Foundation

/// A value that fields are compared with.
public protocol FieldValue {
    /// As it is in JSON.
    var json: JSONValue { get }
}

extension String: FieldValue {
    public var json: JSONValue { .string(self) }
}

extension Bool: FieldValue {
    public var json: JSONValue { .bool(self) }
}

extension Double: FieldValue {
    public var json: JSONValue { .number(self) }
}

extension FieldValue where Self: BinaryInteger {
    public var json: JSONValue { .integer(Int64(clamping: self)) }
}

extension Int: FieldValue {}
extension Int64: FieldValue {}
extension Int32: FieldValue {}
extension Int16: FieldValue {}
extension Int8: FieldValue {}
extension UInt: FieldValue {}
extension UInt64: FieldValue {}
extension UInt32: FieldValue {}
extension UInt16: FieldValue {}
extension UInt8: FieldValue {}

extension UUID: FieldValue {
    /// Lower case, as Rust writes it.
    public var json: JSONValue { .string(uuidString.lowercased()) }
}

extension Date: FieldValue {
    /// RFC 3339 in UTC. The cache compares moments as text, so this finds what the backend spells in the same way.
    public var json: JSONValue { .string(Timestamp.text(of: self)) }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    public var json: JSONValue { map(\.json) ?? .null }
}

/// An enum of words is compared by its word.
extension FieldValue where Self: RawRepresentable, RawValue: FieldValue {
    public var json: JSONValue { rawValue.json }
}
