public struct HorizontalAlignment: Sendable { public static let leading = Self(), center = Self(), trailing = Self() }
public struct VerticalAlignment: Sendable { public static let top = Self(), center = Self(), bottom = Self(), firstTextBaseline = Self() }
public struct Alignment: Sendable { public static let top = Self(), center = Self(), bottom = Self(), leading = Self(), trailing = Self() }
public enum Edge: Sendable {
    case top, leading, bottom, trailing
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let all = Set([]), horizontal = Set([]), vertical = Set([])
    }
}
public enum VerticalEdge: Sendable { case top, bottom }
public enum HorizontalEdge: Sendable { case leading, trailing }

public struct HStack<Content: View>: Primitive {
    public init(alignment: VerticalAlignment = .center, spacing: Double? = nil, @ViewBuilder content: () -> Content) { fatalError("a stub") }
}

public struct VStack<Content: View>: Primitive {
    public init(alignment: HorizontalAlignment = .center, spacing: Double? = nil, @ViewBuilder content: () -> Content) { fatalError("a stub") }
}

public struct List<Selection, Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) where Selection == Never { fatalError("a stub") }
    public init<Data: RandomAccessCollection, Row: View>(_ data: Data, @ViewBuilder rowContent: @escaping (Data.Element) -> Row)
    where Selection == Never, Content == ForEach<Data, Data.Element.ID, Row>, Data.Element: Identifiable { fatalError("a stub") }
}

public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Primitive {
    public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) where ID == Data.Element.ID, Data.Element: Identifiable { fatalError("a stub") }
    public init(_ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content) { fatalError("a stub") }
}

public struct Section<Content: View>: Primitive {
    public init<Words: StringProtocol>(_ title: Words, @ViewBuilder content: () -> Content) { fatalError("a stub") }
    public init(@ViewBuilder content: () -> Content) { fatalError("a stub") }
}

public struct Group<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) { fatalError("a stub") }
}

public struct NavigationStack<Root: View>: Primitive {
    public init(@ViewBuilder root: () -> Root) { fatalError("a stub") }
    public init<Element: Hashable>(path: Binding<[Element]>, @ViewBuilder root: () -> Root) { fatalError("a stub") }
}

public struct NavigationLink<Title: View>: Primitive {
    public init<Value: Hashable>(value: Value?, @ViewBuilder label: () -> Title) { fatalError("a stub") }
}
