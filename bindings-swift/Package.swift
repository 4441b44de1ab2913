// swift-tools-version: 6.0
import Foundation
import PackageDescription

// `cargo xtask swift` writes what is in `generated`: the library, and Swift's side of it.
let generated = Context.packageDirectory + "/generated"

#if os(macOS)
let library = Target.binaryTarget(name: "LarderFFI", path: "generated/LarderFFI.xcframework")
let linking: [LinkerSetting] = []
#else
let library = Target.systemLibrary(name: "LarderFFI", path: "generated/LarderFFI")
let linking: [LinkerSetting] = [.unsafeFlags(["-L" + generated]), .linkedLibrary("larder_swift")]
#endif

let package = Package(
    name: "Larder",
    platforms: [.macOS(.v14), .iOS(.v17), .tvOS(.v17), .watchOS(.v10), .visionOS(.v1)],
    products: [.library(name: "Larder", targets: ["Larder"])],
    targets: [
        library,
        .target(name: "LarderCore", dependencies: ["LarderFFI"], path: "generated/LarderCore", linkerSettings: linking),
        .target(name: "Larder", dependencies: ["LarderCore"]),
        .testTarget(name: "LarderTests", dependencies: ["Larder", "LarderCore"]),
        // What larder-codegen writes, compiled and used.
        .testTarget(name: "LarderCodegenTests", dependencies: ["Larder"]),
    ]
)
