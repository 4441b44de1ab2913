import Foundation
@testable import Larder
import Testing

/// The golden scenarios that every language runs (`tests/scenarios/README.md`).
@MainActor
struct ScenarioTests {
    @Test(arguments: try Repository.files(in: "tests/scenarios", ending: ".json"), ["json", "packed"])
    func everyStepDoesWhatTheScenarioSays(file: URL, rowEncoding: String) throws {
        let scenario = try #require(JSONValue(parsing: String(contentsOf: file, encoding: .utf8)), "\(file.path)")
        #expect(Set(scenario.members.keys).isSubset(of: ["about", "registry", "config", "storage", "steps"]))
        let player = try ScenarioPlayer(scenario, rowEncoding: rowEncoding)
        for (number, step) in scenario["steps"].elements.enumerated() {
            try player.play(step, at: "\(file.lastPathComponent), steps[\(number)] \(step["about"].string):")
        }
    }

    @Test func thereAreScenarios() throws {
        #expect(try Repository.files(in: "tests/scenarios", ending: ".json").count >= 40)
    }
}
