// As much of SwiftUI as the package and the example use, with the signatures of Xcode 16, so that what is written for SwiftUI is
// type-checked on Linux too. It does nothing: nothing is ever run with it.

public protocol DynamicProperty {}

@propertyWrapper
public struct State<Value>: DynamicProperty {
    public init(wrappedValue value: Value) { fatalError("a stub") }
    public init(initialValue value: Value) { fatalError("a stub") }
    public var wrappedValue: Value {
        get { fatalError("a stub") }
        nonmutating set { fatalError("a stub") }
    }
    public var projectedValue: Binding<Value> { fatalError("a stub") }
}

extension State: Sendable where Value: Sendable {}

@propertyWrapper @dynamicMemberLookup
public struct Binding<Value>: DynamicProperty {
    public init(get: @escaping @isolated(any) @Sendable () -> Value, set: @escaping @isolated(any) @Sendable (Value) -> Void) { fatalError("a stub") }
    public static func constant(_ value: Value) -> Binding<Value> { fatalError("a stub") }
    public var wrappedValue: Value {
        get { fatalError("a stub") }
        nonmutating set { fatalError("a stub") }
    }
    public var projectedValue: Binding<Value> { self }
    public subscript<Subject>(dynamicMember keyPath: WritableKeyPath<Value, Subject>) -> Binding<Subject> { fatalError("a stub") }
}

extension Binding: @unchecked Sendable where Value: Sendable {}

@propertyWrapper
public struct Environment<Value>: DynamicProperty {
    public init(_ keyPath: KeyPath<EnvironmentValues, Value>) { fatalError("a stub") }
    public var wrappedValue: Value { fatalError("a stub") }
}

extension Environment: Sendable where Value: Sendable {}

@propertyWrapper
public struct FocusState<Value: Hashable>: DynamicProperty {
    public init() where Value == Bool { fatalError("a stub") }
    public var wrappedValue: Value {
        get { fatalError("a stub") }
        nonmutating set { fatalError("a stub") }
    }
    public var projectedValue: Self { self }
}

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

public struct EnvironmentValues: CustomStringConvertible {
    public init() {}
    public subscript<Key: EnvironmentKey>(key: Key.Type) -> Key.Value {
        get { fatalError("a stub") }
        set { fatalError("a stub") }
    }
    public var description: String { "" }
}
