import Foundation

/// Processor time of this process, all threads together, in seconds.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The least of several runs: whatever else the machine does only adds to it.
func best(of runs: Int, _ run: (Int) throws -> Double) rethrows -> Double {
    try (0..<runs).map(run).min() ?? 0
}

func measured(_ work: () throws -> Void) rethrows -> Double {
    let start = processorTime()
    try work()
    return processorTime() - start
}
