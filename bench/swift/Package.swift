// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "bench-swift",
    platforms: [.macOS(.v14)],
    dependencies: [
        .package(name: "Larder", path: "../../bindings-swift"),
        .package(name: "explorer-swift", path: "../../examples/explorer-swift"),
    ],
    targets: [
        .executableTarget(
            name: "larder-bench",
            dependencies: [.product(name: "Larder", package: "Larder"), .product(name: "Library", package: "explorer-swift")])
    ]
)
