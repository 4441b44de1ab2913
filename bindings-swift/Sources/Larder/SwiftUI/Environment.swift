#if canImport(SwiftUI)
import SwiftUI

private struct LarderKey: EnvironmentKey {
    static var defaultValue: LarderClient? { nil }
}

extension EnvironmentValues {
    /// The client that the queries of views are asked of.
    public var larder: LarderClient? {
        get { self[LarderKey.self] }
        set { self[LarderKey.self] = newValue }
    }
}

extension View {
    /// Views inside of this ask their queries of that client.
    public func larder(_ client: LarderClient) -> some View {
        environment(\.larder, client)
    }
}
#endif
