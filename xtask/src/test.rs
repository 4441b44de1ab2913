//! `test`: everything that must hold, in order, from nothing. `ci`: the same with the settings of a machine nobody watches.

mod javascript;
mod rust;
pub mod tally;

use crate::steps::Steps;
use crate::{browser, command, fuzz, npm, swift, tidy, wasm, web, workspace};
use anyhow::{Context, bail};
use pico_args::Arguments;
use tally::Tally;

/// One part of the tests: its name for `--only`, and what it does.
type Part = (&'static str, fn(&mut Steps, &mut Tally) -> anyhow::Result<()>);

/// What costs little comes first; what needs the product of another part comes after it.
const PARTS: &[Part] = &[
    ("fmt", |steps, _| rust::format(steps)),
    ("tidy", |steps, _| steps.run("check the rules of the house (tidy)", tidy::check)),
    ("clippy", |steps, _| rust::clippy(steps)),
    ("rust", rust::test),
    ("agreement", rust::agree),
    ("simulator", rust::simulate),
    ("simulation", rust::simulate_devices),
    ("doc", rust::test_documentation),
    ("fuzz", |steps, _| fuzz::test(steps)),
    ("swift", |steps, tally| {
        let engine = rust::build(steps)?;
        swift::test(steps, tally, &engine)
    }),
    ("wasm", |steps, _| {
        npm::install(steps)?;
        wasm::build(steps, None)
    }),
    ("types", |steps, _| {
        prepare_packages(steps)?;
        javascript::type_check(steps)
    }),
    ("vitest", |steps, tally| {
        prepare_packages(steps)?;
        javascript::unit_tests(steps, tally)
    }),
    ("explorer", |steps, _| web::prepare(steps)),
    ("e2e", |steps, tally| {
        web::prepare(steps)?;
        let engine = rust::build(steps)?;
        let swift = swift::client(steps)?;
        let browser = browser::ensure(steps)?;
        javascript::end_to_end(steps, tally, &engine, swift.as_deref(), &browser)
    }),
];

/// `cargo xtask test`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let only: Option<String> = args.opt_value_from_str("--only")?;
    workspace::finish(args)?;
    let parts = match only {
        None => PARTS,
        Some(name) => std::slice::from_ref(PARTS.iter().find(|part| part.0 == name).with_context(|| {
            let names: Vec<_> = PARTS.iter().map(|part| part.0).collect();
            format!("there is no part `{name}`; the parts are {}", names.join(", "))
        })?),
    };

    let mut tally = Tally::default();
    let outcome = parts.iter().try_for_each(|(name, part)| {
        part(steps, &mut tally)
            .with_context(|| format!("`{name}` failed; to run it alone: cargo xtask test --only {name}"))
    });
    steps.summary();
    println!("\n{tally}");
    outcome?;
    if tally.failed > 0 {
        bail!("{} tests failed", tally.failed);
    }
    Ok(())
}

/// `cargo xtask ci`: nothing is compiled with an eye to a next time, and nobody is there to be asked.
pub fn run_unattended(steps: &mut Steps, args: Arguments) -> anyhow::Result<()> {
    command::nobody_watches();
    run(steps, args)
}

fn prepare_packages(steps: &mut Steps) -> anyhow::Result<()> {
    npm::install(steps)?;
    wasm::build(steps, None)?;
    web::build_packages(steps)
}
