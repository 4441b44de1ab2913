//! The hot paths, natively: `cargo bench -p larder` times them, `cargo xtask bench --instructions` counts their instructions.
//! Times are to be compared with a run of your own on the same machine; counts are the same everywhere.

#![allow(clippy::expect_used, missing_docs)]

mod files;
mod paths;

mod layers;
mod queries;
mod restart;
mod rows;
mod send;
mod text;

use criterion::{BatchSize, Criterion};
use paths::{PATHS, Path, Step};

fn time(criterion: &mut Criterion, path: &Path) {
    if path.steps == 1 {
        let mut group = criterion.benchmark_group("once");
        group.sample_size(10);
        group.bench_function(path.name, |bencher| {
            bencher.iter_batched(path.prepare, |mut step| step(0), BatchSize::PerIteration);
        });
    } else {
        let mut prepared: Option<(Step, usize)> = None;
        criterion.bench_function(path.name, |bencher| {
            let (step, done) = prepared.get_or_insert_with(|| ((path.prepare)(), 0));
            bencher.iter(|| {
                step(*done);
                *done += 1;
            });
        });
    }
}

/// What is counted; `--toggle-collect` names it.
#[inline(never)]
fn counted(step: &mut Step, steps: usize) {
    for n in 0..steps {
        step(n);
    }
}

/// `--paths` lists the paths with their steps, `--count <path>` takes the steps of one; anything else is for criterion.
fn main() {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("--paths") => PATHS.iter().for_each(|path| println!("{}\t{}", path.steps, path.name)),
        Some("--count") => {
            let name = args.next().unwrap_or_default();
            let path = PATHS.iter().find(|path| path.name == name).expect("`--paths` lists them");
            counted(&mut (path.prepare)(), path.steps);
        }
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            PATHS.iter().for_each(|path| time(&mut criterion, path));
            send::send(&mut criterion);
            criterion.final_summary();
        }
    }
}
