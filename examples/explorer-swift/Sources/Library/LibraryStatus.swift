import Larder

/// How the library stands on the engine's own device: what that does about the library, and what the engine works at. The client's own
/// `status` says how this app stands with the engine.
@MainActor
public final class LibraryStatus {
    private let own: LiveResults<Device>
    private let going: LiveResults<Job>

    public init(_ client: LarderClient) {
        own = client.live(Device.where(\.isSelf == true).limit(1))
        going = client.live(Job.where(.isIn(\.state, [JobState.queued, .running, .paused])))
    }

    /// What the device is doing about the library; nil while that is not known.
    public var state: DeviceState? { own.items.first?.value.state }

    /// What the engine works at, or goes on with when it can, the oldest first.
    public var jobs: [Job] { going.items.map(\.value).sorted { $0.startedMs < $1.startedMs } }
}
