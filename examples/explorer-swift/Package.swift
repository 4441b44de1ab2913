// swift-tools-version: 6.0
import PackageDescription

#if os(macOS)
// `cargo xtask test` type-checks it on Linux.
let explorer: [Target] = [.executableTarget(name: "Explorer", dependencies: ["Library"])]
#else
let explorer: [Target] = []
#endif

let package = Package(
    name: "explorer-swift",
    platforms: [.macOS(.v14), .iOS(.v17)],
    products: [
        .library(name: "Library", targets: ["Library"]),
        .executable(name: "larder-ls", targets: ["larder-ls"]),
    ],
    dependencies: [.package(name: "Larder", path: "../../bindings-swift")],
    targets: explorer + [
        // The resource types, which `cargo xtask codegen` writes from the Rust crate engine/resources, and what is done to files.
        .target(name: "Library", dependencies: [.product(name: "Larder", package: "Larder")]),
        .executableTarget(name: "larder-ls", dependencies: ["Library"]),
    ]
)
