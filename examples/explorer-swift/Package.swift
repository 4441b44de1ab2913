// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "explorer-swift",
    platforms: [.macOS(.v14), .iOS(.v17)],
    products: [
        .library(name: "Library", targets: ["Library"]),
        .executable(name: "larder-ls", targets: ["larder-ls"]),
    ],
    dependencies: [.package(name: "Larder", path: "../../bindings-swift")],
    targets: [
        // Written by `cargo xtask codegen` from the Rust crate engine/resources.
        .target(name: "Library", dependencies: [.product(name: "Larder", package: "Larder")]),
        .executableTarget(name: "larder-ls", dependencies: ["Library"]),
    ]
)
