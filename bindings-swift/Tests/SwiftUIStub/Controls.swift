public struct Text: Primitive {
    public init<Words: StringProtocol>(_ content: Words) { fatalError("a stub") }
    @_disfavoredOverload
    public init(verbatim content: String) { fatalError("a stub") }
    public func bold() -> Text { self }
    public func font(_ font: Font?) -> Text { self }
}

public struct Image: Primitive {
    public init(systemName: String) { fatalError("a stub") }
}

public struct Label<Title: View, Icon: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, systemImage: String) where Title == Text, Icon == Image { fatalError("a stub") }
}

public struct ButtonRole: Equatable, Sendable {
    public static let destructive = ButtonRole()
    public static let cancel = ButtonRole()
}

public struct Button<Title: View>: Primitive {
    public init(role: ButtonRole? = nil, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Title) { fatalError("a stub") }
    public init<Words: StringProtocol>(_ title: Words, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void) where Title == Text { fatalError("a stub") }
    public init<Words: StringProtocol>(_ title: Words, systemImage: String, action: @escaping @MainActor () -> Void) where Title == Label<Text, Image> { fatalError("a stub") }
}

public struct TextField<Title: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, text: Binding<String>) where Title == Text { fatalError("a stub") }
}

public struct Toggle<Title: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, isOn: Binding<Bool>) where Title == Text { fatalError("a stub") }
}

public struct Picker<Title: View, Value: Hashable, Content: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, selection: Binding<Value>, @ViewBuilder content: () -> Content) where Title == Text { fatalError("a stub") }
}

public struct Menu<Title: View, Content: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, @ViewBuilder content: () -> Content) where Title == Text { fatalError("a stub") }
    public init<Words: StringProtocol>(_ title: Words, systemImage: String, @ViewBuilder content: () -> Content) where Title == Label<Text, Image> { fatalError("a stub") }
    public init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> Title) { fatalError("a stub") }
}

public struct ProgressView: Primitive {
    public init() {}
}

public struct ContentUnavailableView: Primitive {
    public init<Words: StringProtocol>(_ title: Words, systemImage: String, description: Text? = nil) { fatalError("a stub") }
}

public struct Divider: Primitive {
    public init() {}
}

public struct Spacer: Primitive {
    public init() {}
}
