//! `larder-engine lead`: says which device leads the library.

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ask::Address;
use super::say;

/// Lets the device of an engine that runs here lead its library, or another one, or none.
#[derive(Args)]
pub struct Lead {
    /// The address that the engine printed.
    engine: String,
    /// Hand over to this device, which must be connected; only the leader can.
    #[arg(long, value_name = "DEVICE")]
    to: Option<Uuid>,
    /// Let no device lead.
    #[arg(long, conflicts_with = "to")]
    off: bool,
    /// Change nothing, and say who leads.
    #[arg(long, conflicts_with_all = ["to", "off"])]
    who: bool,
}

/// Says who leads then.
pub async fn lead(command: Lead) -> anyhow::Result<()> {
    let engine = Address::read(&command.engine)?;
    let body = match (command.to, command.off, command.who) {
        (Some(to), ..) => json!({"to": to}),
        (None, _, true) => json!({}),
        (None, off, false) => json!({"lead": !off}),
    };
    let said = engine.ask("/devices/lead", &body).await?;
    match (&said["leader"], said["is_self"].as_bool()) {
        (Value::Null, _) => say("No device leads: each talks to all that it reaches."),
        (_, Some(true)) => say("This device leads."),
        (Value::String(leader), _) => {
            let heard = if said["is_heard"] == true { "" } else { ", but is not heard from here" };
            say(&format!("Device {leader} leads{heard}."))
        }
        _ => bail!("the engine's answer makes no sense: {said}"),
    }
}
