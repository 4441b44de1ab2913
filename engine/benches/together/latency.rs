//! From the moment that a client of the device where a change was made sees it, to when clients of all others do.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use uuid::Uuid;

use super::device::{Client, Device};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Within this process.
    Channels,
    /// QUIC on loopback.
    Sockets,
}

/// Returns the median, in milliseconds.
pub async fn run(peers: usize, changes: usize, way: Way) -> f64 {
    let devices = together(peers, way).await;
    let mut clients = Vec::new();
    for device in &devices {
        clients.push(device.client().await);
    }
    let (writer, others) = clients.split_first_mut().unwrap();
    // All are connected when a change has come to all of them.
    change(writer, others, "first").await;
    let mut times = Vec::new();
    for number in 0..changes {
        times.push(change(writer, others, &format!("t{number}")).await.as_secs_f64() * 1_000.0);
        // What that set off is to be over.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times.sort_by(f64::total_cmp);
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let name = if way == Way::Channels { "channels" } else { "QUIC on loopback" };
    println!(
        "{changes} changes, each to all of {peers} peers, over {name}: median {median:.1} ms, p99 {p99:.1} ms"
    );
    for device in &devices {
        device.engine.shutdown().await;
    }
    median
}

/// Each with each.
async fn together(peers: usize, way: Way) -> Vec<Device> {
    let library = (way == Way::Channels).then(Uuid::new_v4);
    let mut devices = vec![Device::open(library, |_| {}).await];
    for _ in 0..peers {
        let device = Device::open(library, |_| {}).await;
        match way {
            Way::Channels => {
                for other in &devices {
                    device.engine.connect(&other.engine).await;
                }
                devices.push(device);
            }
            Way::Sockets => {
                let device = device.join(&devices[0]).await;
                devices.push(device);
            }
        }
    }
    devices
}

/// Until the last of them has it.
async fn change(writer: &mut Client, others: &mut [Client], id: &str) -> Duration {
    writer.make_tag(id).await;
    let row = format!(r#""id":"{id}","name":"#);
    let committed = async {
        writer.until(|text| text.contains(&row)).await;
        Instant::now()
    };
    let arrived = join_all(others.iter_mut().map(async |other| {
        other.until(|text| text.contains(&row)).await;
        Instant::now()
    }));
    let (committed, arrived) = tokio::join!(committed, arrived);
    arrived.into_iter().max().unwrap().saturating_duration_since(committed)
}
