//! Several engines that hold one library together: how soon a change is everywhere, how fast a new device is filled, and what
//! a change costs on the wire. `cargo xtask bench --sync`; with `--quick` only to see that it works.

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
    let quick = std::env::args().any(|word| word == "--quick");
    let (peers, changes, entries) = if quick { (2, 20, 2_000) } else { (10, 200, 100_000) };
    wire::run(changes).await;
    let channels = latency::run(peers, changes, latency::Way::Channels).await;
    let sockets = latency::run(peers, changes, latency::Way::Sockets).await;
    println!("share of the transport in the median: {:.0} %", 100.0 * (1.0 - channels / sockets).max(0.0));
    backfill::run(entries).await;
}
