//! What a change costs on the wire, between two devices.

use std::time::Duration;

use super::device::Device;

pub async fn run(changes: usize) {
    let host = Device::open(None, |_| {}).await;
    let guest = Device::open(None, |_| {}).await.join(&host).await;
    let (mut writer, mut reader) = (host.client().await, guest.client().await);
    let has = |id: &str| format!(r#""id":"{id}","name":"#);
    writer.make_tag("first").await;
    reader.until(|text| text.contains(&has("first"))).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = [&host, &guest].map(|device| device.engine.bytes_sent());
    for number in 0..changes {
        let id = format!("t{number}");
        writer.make_tag(&id).await;
        reader.until(|text| text.contains(&has(&id))).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let after = [&host, &guest].map(|device| device.engine.bytes_sent());
    let count = changes as u64;
    println!(
        "one change at a time between two devices: {} bytes there, {} bytes back (answers), with all that QUIC and UDP add",
        (after[0] - before[0]) / count,
        (after[1] - before[1]) / count,
    );
    host.engine.shutdown().await;
    guest.engine.shutdown().await;
}
