import Foundation
import Larder

/// Why it was not done, and the code that the program ends with.
enum Refusal: Error {
    case usage(String)
    case missing(String)
    case library(LarderError)

    var code: Int32 {
        switch self {
        case .usage: 2
        case .missing, .library: 1
        }
    }

    var message: String {
        switch self {
        case .usage(let what): "\(what)\n\n\(Arguments.usage)"
        case .missing(let what): what
        case .library(let error): error.description
        }
    }
}

/// Lines of text, at once and not when a buffer is full: others may be reading them.
enum Terminal {
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
    static func warn(_ line: String) { FileHandle.standardError.write(Data("larder-ls: \(line)\n".utf8)) }
}
