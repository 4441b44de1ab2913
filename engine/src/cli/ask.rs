//! Asking an engine that runs on this machine, over HTTP.

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The address that the engine printed.
pub struct Address {
    host: String,
    token: String,
}

impl Address {
    pub fn read(url: &str) -> anyhow::Result<Self> {
        let parts = url.strip_prefix("http://").and_then(|rest| rest.split_once("/?token="));
        let (host, token) =
            parts.context("give the address that the engine printed: http://127.0.0.1:4000/?token=…")?;
        Ok(Self { host: host.to_owned(), token: token.to_owned() })
    }

    /// Asks, and waits for the answer. What the engine refuses is an error in its own words.
    pub async fn ask(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let Self { host, token } = self;
        let stream = TcpStream::connect(host).await;
        let mut stream = stream.with_context(|| format!("no engine answers at {host}"))?;
        let body = body.to_string();
        let request = format!(
            "POST {path}?token={token} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) = answer.split_once("\r\n\r\n").context("the engine's answer is cut off")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        if status == "204" {
            return Ok(Value::Null);
        }
        let said: Value =
            serde_json::from_str(body).with_context(|| format!("the engine answered {status}"))?;
        if status != "200" {
            bail!("{}", said["message"].as_str().unwrap_or(status));
        }
        Ok(said)
    }
}
