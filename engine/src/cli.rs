//! What the program does besides serving.

mod ask;
pub mod lead;
pub mod pair;
pub mod passphrase;

use std::io::Write;

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
