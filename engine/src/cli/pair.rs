//! `larder-engine pair`: shows a code, or takes one.

use std::io::BufRead;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::ask::Address;
use super::say;

/// How long an engine may take to become part of another library.
const MOVING: Duration = Duration::from_secs(30);

/// Lets another device into the library of an engine that runs here, or lets this one into another's.
#[derive(Args)]
pub struct Pair {
    /// The address that the engine printed.
    engine: String,
    /// The code that the other device shows; without one, this device shows one.
    #[arg(long, requires = "with")]
    code: Option<String>,
    /// Where the other device is, as it shows.
    #[arg(long, value_name = "IP:PORT", requires = "code")]
    with: Option<String>,
    /// Join also with tags and favorites made here, if both libraries have the same name.
    #[arg(long, requires = "code")]
    merge: bool,
    /// Let in the device that knows the code without asking.
    #[arg(long, conflicts_with = "code")]
    yes: bool,
}

/// Runs until the devices are paired.
pub async fn pair(command: Pair) -> anyhow::Result<()> {
    let engine = Address::read(&command.engine)?;
    match (command.code, command.with) {
        (Some(code), Some(with)) => join(&engine, &with, &code, command.merge).await,
        _ => invite(&engine, command.yes).await,
    }
}

async fn join(engine: &Address, with: &str, code: &str, merge: bool) -> anyhow::Result<()> {
    let body = json!({"address": with, "code": code, "merge": merge});
    let said = engine.ask("/devices/join", &body).await?;
    // The engine opens its database again, as part of the library.
    let began = Instant::now();
    loop {
        match engine.ask("/devices/library", &json!({})).await {
            Ok(now) if now["library"] == said["library"] => break,
            Err(error) if began.elapsed() > MOVING => return Err(error),
            _ if began.elapsed() > MOVING => bail!("the engine is not there yet: start it again"),
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    let (device, library) = (text(&said, "device_name"), text(&said, "library_name"));
    say(&format!("Paired with {device}: the library is “{library}”."))
}

async fn invite(engine: &Address, yes: bool) -> anyhow::Result<()> {
    let said = engine.ask("/devices/invite", &json!({})).await?;
    let place = said["addresses"][0].as_str().unwrap_or_default();
    say(&format!(
        "On the other device: larder-engine pair <its address> --with {place} --code {}",
        text(&said, "code")
    ))?;
    let mut seen = Value::Null;
    loop {
        let stage = engine.ask("/devices/invitation", &json!({"seen": seen})).await?;
        if stage == seen {
            continue;
        }
        match stage["stage"].as_str() {
            Some("open") if seen["stage"] == "open" => {
                say(&format!("A wrong code came; {} attempts are left.", stage["attempts"]))?;
            }
            Some("open") => {}
            Some("asking") => {
                let agree = yes || is_agreed(text(&stage, "name"), text(&stage, "fingerprint"))?;
                engine.ask("/devices/decide", &json!({"agree": agree})).await?;
            }
            Some("paired") => return say(&format!("Paired with {}.", text(&stage, "name"))),
            _ => bail!("the code is not valid any more"),
        }
        seen = stage;
    }
}

fn is_agreed(name: &str, fingerprint: &str) -> anyhow::Result<bool> {
    say(&format!("“{name}” (key {fingerprint}) knows the code. Let it in? [y/N]"))?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn text<'a>(said: &'a Value, key: &str) -> &'a str {
    said[key].as_str().unwrap_or_default()
}
