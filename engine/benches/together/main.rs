//! Several engines that hold one library together: how soon a change is everywhere, how fast a new device is filled, and what
//! a change costs on the wire. `cargo xtask bench --sync`; with `--quick` only to see that it works. `wire`, `latency` and `backfill` after `--`
//! name the parts to run, and `--peers 5`, `--changes 50` and `--entries 10000` say how much.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement ends where something is not as it should be"
)]

mod device;

mod backfill;
mod latency;
mod wire;

#[tokio::main]
async fn main() {
    // `cargo test` runs what has no harness too.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let words: Vec<String> = std::env::args().collect();
    let has = |word: &str| words.iter().any(|given| given == word);
    let number = |name: &str| {
        let place = words.iter().position(|word| word == name)?;
        words.get(place + 1).map(|value| value.parse::<usize>().unwrap())
    };
    // Without a part, all of them.
    let is_wanted = |part: &str| has(part) || !["wire", "latency", "backfill"].into_iter().any(has);
    let (peers, changes, entries) = if has("--quick") { (2, 20, 2_000) } else { (10, 200, 100_000) };
    let peers = number("--peers").unwrap_or(peers);
    let changes = number("--changes").unwrap_or(changes);
    let entries = number("--entries").unwrap_or(entries);
    if is_wanted("wire") {
        wire::run(changes).await;
    }
    if is_wanted("latency") {
        let channels = latency::run(peers, changes, latency::Way::Channels).await;
        let sockets = latency::run(peers, changes, latency::Way::Sockets).await;
        println!(
            "share of the transport in the median: {:.0} %; {}: well under 100 ms",
            100.0 * (1.0 - channels / sockets).max(0.0),
            if sockets < 50.0 { "met" } else { "NOT MET" }
        );
    }
    if is_wanted("backfill") {
        backfill::run(entries).await;
    }
}
