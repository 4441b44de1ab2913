public struct Font: Hashable, Sendable {
    public static let body = Font(), caption = Font(), footnote = Font(), headline = Font(), title = Font()
}

extension Color: Primitive {}
public struct Color: ShapeStyle, Hashable, Sendable {
    public init(red: Double, green: Double, blue: Double, opacity: Double = 1) {}
    public static let primary = Color(red: 0, green: 0, blue: 0), secondary = primary, orange = primary, red = primary, yellow = primary, accentColor = primary
    public func opacity(_ opacity: Double) -> Color { self }
}

public protocol ShapeStyle: Sendable {}
public struct Material: ShapeStyle {}
extension ShapeStyle where Self == Color {
    public static var secondary: Color { .secondary }
    public static var primary: Color { .primary }
    public static var orange: Color { .orange }
    public static var red: Color { .red }
    public static var yellow: Color { .yellow }
}
extension ShapeStyle where Self == Material {
    public static var bar: Material { fatalError("a stub") }
}
public protocol Shape: Sendable {}
public struct Capsule: Shape { public init() {} }
extension Shape where Self == Capsule { public static var capsule: Capsule { Capsule() } }

extension View {
    public func environment<Value>(_ keyPath: WritableKeyPath<EnvironmentValues, Value>, _ value: Value) -> some View { Modified<Self>() }
    public func font(_ font: Font?) -> some View { Modified<Self>() }
    public func foregroundStyle<Style: ShapeStyle>(_ style: Style) -> some View { Modified<Self>() }
    public func padding(_ edges: Edge.Set = .all, _ length: Double? = nil) -> some View { Modified<Self>() }
    public func padding(_ length: Double) -> some View { Modified<Self>() }
    public func background<Style: ShapeStyle>(_ style: Style) -> some View { Modified<Self>() }
    public func background<Style: ShapeStyle, Form: Shape>(_ style: Style, in shape: Form) -> some View { Modified<Self>() }
    public func frame(maxWidth: Double? = nil, maxHeight: Double? = nil, alignment: Alignment = .center) -> some View { Modified<Self>() }
    public func lineLimit(_ number: Int?) -> some View { Modified<Self>() }
    public func navigationTitle<Words: StringProtocol>(_ title: Words) -> some View { Modified<Self>() }
    public func navigationDestination<Data: Hashable, Content: View>(for data: Data.Type, @ViewBuilder destination: @escaping (Data) -> Content) -> some View { Modified<Self>() }
    public func toolbar<Content: View>(@ViewBuilder content: () -> Content) -> some View { Modified<Self>() }
    public func contextMenu<Items: View>(@ViewBuilder menuItems: () -> Items) -> some View { Modified<Self>() }
    public func swipeActions<Actions: View>(edge: HorizontalEdge = .trailing, @ViewBuilder content: () -> Actions) -> some View { Modified<Self>() }
    public func safeAreaInset<Content: View>(edge: VerticalEdge, @ViewBuilder content: () -> Content) -> some View { Modified<Self>() }
    public func overlay<Content: View>(alignment: Alignment = .center, @ViewBuilder content: () -> Content) -> some View { Modified<Self>() }
    public func alert<Words: StringProtocol, Actions: View>(_ title: Words, isPresented: Binding<Bool>, @ViewBuilder actions: () -> Actions) -> some View { Modified<Self>() }
    public func alert<Words: StringProtocol, Actions: View, Message: View>(_ title: Words, isPresented: Binding<Bool>, @ViewBuilder actions: () -> Actions, @ViewBuilder message: () -> Message) -> some View { Modified<Self>() }
    public func sheet<Content: View>(isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> Content) -> some View { Modified<Self>() }
    public func tag<Value: Hashable>(_ tag: Value) -> some View { Modified<Self>() }
    public func disabled(_ disabled: Bool) -> some View { Modified<Self>() }
    public func focused(_ condition: FocusState<Bool>) -> some View { Modified<Self>() }
    public func onSubmit(_ action: @escaping () -> Void) -> some View { Modified<Self>() }
    public func onAppear(perform action: (() -> Void)? = nil) -> some View { Modified<Self>() }
    public func onTapGesture(count: Int = 1, perform action: @escaping () -> Void) -> some View { Modified<Self>() }
    public func onChange<Value: Equatable>(of value: Value, _ action: @escaping () -> Void) -> some View { Modified<Self>() }
    public func task(priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void) -> some View { Modified<Self>() }
    public func task<Value: Equatable>(id value: Value, priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void) -> some View { Modified<Self>() }
    public func help<Words: StringProtocol>(_ text: Words) -> some View { Modified<Self>() }
    public func accessibilityLabel<Words: StringProtocol>(_ label: Words) -> some View { Modified<Self>() }
}
