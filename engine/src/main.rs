//! `larder-engine serve <folder>`: a thin shell around the library.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};
use larder_engine::{Config, Engine};

/// Mirrors a folder and streams its changes.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say more about what is going on, on standard error.
    #[arg(long, short, global = true)]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a folder to clients on this machine.
    Serve {
        /// The folder.
        folder: PathBuf,
        /// The database file; by default one per folder, in the data directory of the operating system.
        #[arg(long, value_name = "FILE")]
        db: Option<PathBuf>,
        /// The port to listen on, 0 for any free one; by default that of the last run, or a free one if it is taken.
        #[arg(long)]
        port: Option<u16>,
        /// Folder with the built web app.
        #[arg(long, value_name = "DIR")]
        web: Option<PathBuf>,
        /// Look into the files to know which have the same content; it reads all of them, large ones in part.
        #[arg(long)]
        identify: bool,
        /// What clients must know; by default a random one that stays the same in every run.
        #[arg(long)]
        token: Option<String>,
        /// Make a new random token: who knows the old one is let in no more.
        #[arg(long, conflicts_with = "token")]
        new_token: bool,
        /// Another origin that may connect, e.g. that of a development server. May be given several times.
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli { command, verbose } = Cli::parse();
    let level = if verbose { tracing::Level::DEBUG } else { tracing::Level::WARN };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
    let Command::Serve { folder, db, port, web, identify, token, new_token, allow_origin } = command;

    let mut config = Config::new(folder);
    config.database = db;
    config.web = web;
    config.identify = identify;
    config.token = token;
    config.new_token = new_token;
    config.allowed_origins = allow_origin;
    let engine = Engine::open(config).await?;
    let listener = engine.listen(port).await.with_context(|| match port {
        Some(port) => format!("cannot listen on port {port}"),
        None => "cannot listen on any port".to_owned(),
    })?;
    let address = listener.local_addr()?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "Larder is serving {} at http://{address}/?token={}",
        engine.root().display(),
        engine.token()
    )?;
    out.flush()?;

    tokio::select! {
        served = engine.serve(listener) => served?,
        asked = asked_to_stop() => asked?,
    }
    engine.shutdown().await;
    Ok(())
}

/// Ctrl-C, or what a service manager sends.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
