//! `larder-engine serve <folder>`, `larder-engine pair <address>`: a thin shell around the library.

mod cli;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use larder_engine::{Config, Engine, OpenError};
use tokio::time::{Instant, sleep};

/// How long an engine may take to end.
const ENDING: Duration = Duration::from_secs(10);

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
        /// File with the passphrase by which what the logs of the database say is encrypted; by default the value of LARDER_PASSPHRASE, if there
        /// is one. The first one encrypts what is there.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// File with the passphrase that takes its place.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        /// What clients must know; by default a random one that stays the same in every run.
        #[arg(long)]
        token: Option<String>,
        /// Make a new random token: who knows the old one is let in no more.
        #[arg(long, conflicts_with = "token")]
        new_token: bool,
        /// Another origin that may connect, e.g. that of a development server. May be given several times.
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
        /// Where to listen for other devices, over UDP; by default everywhere, once there is another device or one is invited.
        #[arg(long, value_name = "IP:PORT")]
        devices: Option<SocketAddr>,
        /// What this device is called; by default as the machine.
        #[arg(long)]
        name: Option<String>,
        /// What a new library is called; by default as the folder.
        #[arg(long, value_name = "NAME")]
        library_name: Option<String>,
    },
    /// Let another device into the library, by a short code; or let this one into another's.
    Pair(cli::pair::Pair),
    /// Say which device leads the library.
    Lead(cli::lead::Lead),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli { command, verbose } = Cli::parse();
    let level = if verbose { tracing::Level::DEBUG } else { tracing::Level::WARN };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
    match command {
        Command::Pair(pair) => cli::pair::pair(pair).await,
        Command::Lead(lead) => cli::lead::lead(lead).await,
        Command::Serve {
            folder,
            db,
            port,
            web,
            identify,
            passphrase_file,
            new_passphrase_file,
            token,
            new_token,
            allow_origin,
            devices,
            name,
            library_name,
        } => {
            let mut config = Config::new(folder);
            config.database = db;
            config.web = web;
            config.identify = identify;
            config.passphrase = cli::passphrase::read(passphrase_file.as_deref())?;
            config.new_passphrase =
                new_passphrase_file.as_deref().map(cli::passphrase::from_file).transpose()?;
            config.token = token;
            config.new_token = new_token;
            config.allowed_origins = allow_origin;
            config.devices.listen = devices;
            config.devices.name = name;
            config.devices.library_name = library_name;
            serve(config, port).await
        }
    }
}

async fn serve(mut config: Config, mut port: Option<u16>) -> anyhow::Result<()> {
    let mut is_told = false;
    loop {
        let engine = open(&config, is_told).await?;
        let listener = engine.listen(port).await.with_context(|| match port {
            Some(port) => format!("cannot listen on port {port}"),
            None => "cannot listen on any port".to_owned(),
        })?;
        let address = listener.local_addr()?;
        if !std::mem::replace(&mut is_told, true) {
            let mut out = std::io::stdout();
            let (root, token) = (engine.root().display(), engine.token());
            writeln!(out, "Larder is serving {root} at http://{address}/?token={token}")?;
            out.flush()?;
        }
        let mut moved = engine.moved();
        let again = tokio::select! {
            served = engine.serve(listener) => {
                served?;
                false
            }
            asked = asked_to_stop() => {
                asked?;
                false
            }
            moved = moved.wait_for(|moved| *moved) => moved.is_ok(),
        };
        // Who asked for it gets the answer before the connection ends.
        engine.shutdown().await;
        if !again {
            return Ok(());
        }
        // Pages find the engine where it was, with the token that they know.
        config.passphrase = config.new_passphrase.take().or(config.passphrase);
        (port, config.token, config.new_token) =
            (Some(address.port()), Some(engine.token().to_owned()), false);
    }
}

/// Opens the engine; `again`, when the one before may still be ending.
async fn open(config: &Config, again: bool) -> anyhow::Result<Engine> {
    let began = Instant::now();
    loop {
        match Engine::open(config.clone()).await {
            Err(OpenError::InUse(_)) if again && began.elapsed() < ENDING => {
                sleep(Duration::from_millis(20)).await
            }
            opened => return Ok(opened?),
        }
    }
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
