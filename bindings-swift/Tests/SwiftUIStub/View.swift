@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

extension Never: View {
    public var body: Never { fatalError("a stub") }
}

/// Any view of SwiftUI itself.
public protocol Primitive: View where Body == Never {}
extension Primitive {
    public var body: Never { fatalError("a stub") }
}

public struct EmptyView: Primitive {
    public init() {}
}

public struct Modified<Content: View>: Primitive {}
public struct TupleView<each Content: View>: Primitive {}
public struct Either<First: View, Second: View>: Primitive {}
extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("a stub") }
}

@resultBuilder
public struct ViewBuilder {
    public static func buildBlock() -> EmptyView { fatalError("a stub") }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> TupleView<repeat each Content> { fatalError("a stub") }
    public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
    public static func buildEither<First: View, Second: View>(first: First) -> Either<First, Second> { fatalError("a stub") }
    public static func buildEither<First: View, Second: View>(second: Second) -> Either<First, Second> { fatalError("a stub") }
}

@MainActor @preconcurrency
public protocol Scene {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

extension Never: Scene {}

@resultBuilder
public struct SceneBuilder {
    public static func buildBlock<Content: Scene>(_ content: Content) -> Content { content }
}

public struct WindowGroup<Content: View>: Scene {
    public init(_ title: String = "", @ViewBuilder content: @escaping () -> Content) { fatalError("a stub") }
    public var body: Never { fatalError("a stub") }
}

@MainActor @preconcurrency
public protocol App {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Self.Body { get }
    @MainActor @preconcurrency init()
}

extension App {
    @MainActor public static func main() { fatalError("a stub") }
}

public protocol PreviewProvider {
    associatedtype Previews: View
    @ViewBuilder @MainActor @preconcurrency static var previews: Previews { get }
}
