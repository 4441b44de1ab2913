//! Makes a story from a seed. Each seed leaves some kinds of steps out, so that what hides behind others comes up, too.

use larder::query::Window;

use crate::edit::{Edit, Op, any_edit, any_key, fields, whole};
use crate::plan::{Ailment, Fate, Plan, Setting, Step, When};
use crate::queries::QUERIES;
use crate::random::Random;
use crate::rows::{KINDS, Kind};

/// A day.
const DAY_MS: u64 = 86_400_000;

/// The story of a seed.
pub(crate) fn plan(seed: u64) -> Plan {
    let mut random = Random(seed);
    let count = 1 + random.below(3) as usize;
    let clients = (0..count).map(|_| setting(&mut random)).collect();
    // The weight of each kind of steps; what is not a matter of course is left out of half of the stories.
    let weights: Vec<u64> = WEIGHTS
        .iter()
        .map(|&(weight, is_usual)| if is_usual || random.percent(50) { weight } else { 0 })
        .collect();
    let length = if random.percent(10) { 150 + random.below(250) } else { 30 + random.below(90) };
    let mut steps = first_rows(&mut random);
    for number in 0..length {
        let next = step(&mut random, &weights, count, number);
        // Somebody who types makes the same edit again and again.
        let again = match &next {
            Step::Edit { edit, .. } if edit.coalesces => random.below(4),
            _ => 0,
        };
        steps.push(next);
        for key in 0..again {
            if let Some(Step::Edit { client, edit }) = steps.last().cloned() {
                steps.push(Step::Edit { client, edit: typed(edit, 10 * number + key) });
            }
        }
    }
    Plan { clients, steps, killed_at: None }
}

fn setting(random: &mut Random) -> Setting {
    let types = match random.below(6) {
        0 => Some(vec![Kind::File]),
        1 => Some(vec![Kind::File, Kind::Note]),
        _ => None,
    };
    Setting {
        types,
        has_storage: random.percent(85),
        sends_changes: random.percent(50),
        latency_ms: [0, 5, 40, 400][random.below(4) as usize],
        storage_ms: [0, 2, 20, 600][random.below(4) as usize],
        clock_ms: random.below(40_000 * DAY_MS),
        budget: random.percent(25).then(|| random.below(12) as u32),
    }
}

fn first_rows(random: &mut Random) -> Vec<Step> {
    let mut rows = Vec::new();
    for kind in KINDS {
        for number in 0..if kind == Kind::File { 9 } else { 3 } {
            if random.percent(80) {
                let row = whole(random, kind, u64::from(number), 10);
                rows.push(Step::Others(vec![Op::Upsert((kind, number), row)]));
            }
        }
    }
    rows
}

/// How often each kind of step comes, in the order of [`step`], and whether it is in every story.
const WEIGHTS: [(u64, bool); 24] = [
    (60, true),
    (24, true),
    (4, false),
    (40, true),
    (4, false),
    (3, false),
    (12, true),
    (8, false),
    (4, false),
    (3, false),
    (4, false),
    (6, true),
    (4, false),
    (3, false),
    (5, true),
    (4, false),
    (6, false),
    (10, false),
    (4, false),
    (5, false),
    (2, false),
    (5, false),
    (6, true),
    (6, true),
];

fn step(random: &mut Random, weights: &[u64], clients: usize, number: u64) -> Step {
    let mut left = random.below(weights.iter().sum());
    let kind = weights.iter().position(|&weight| {
        let is_it = left < weight;
        left = left.saturating_sub(weight);
        is_it
    });
    let client = random.below(clients as u64) as usize;
    let which = random.below(8) as usize;
    match kind.unwrap_or_default() {
        0 => Step::Wait(match random.below(8) {
            0..3 => random.below(5),
            3..6 => random.below(400),
            6 => random.below(5_000),
            _ => random.below(70_000),
        }),
        1 => Step::Others(others(random, 1_000_000 + number)),
        2 => {
            let (first, count) = (random.below(12) as u32, 2 + random.below(14) as u32);
            let text = [0, 10, 3_000, 40_000][random.below(4) as usize];
            Step::Bulk { kind: if random.percent(70) { Kind::File } else { Kind::Note }, first, count, text }
        }
        3 => Step::Edit { client, edit: any_edit(random, number) },
        4 => Step::TakeUp { client, retries: random.percent(60) },
        5 => Step::Discard { client, which },
        6 => kill(random, client, When::Now),
        7 => kill(random, client, When::AtBatch),
        8 => kill(random, client, When::AtLoad),
        9 => {
            let ailment = match random.below(4) {
                0..2 => Ailment::Full(1 + random.below(3) as u32),
                2 => Ailment::Locked,
                _ => Ailment::Unreadable,
            };
            Step::Ail { client, ailment }
        }
        10 => Step::Flush(client),
        11 => Step::Break(client),
        12 => Step::Partition { client, ms: random.below(90_000) },
        13 => Step::Offline(client),
        14 => Step::Online(client),
        15 => {
            let most_ms = if random.percent(50) { 60_000 } else { 3 * DAY_MS };
            Step::Sleep { client, ms: random.below(most_ms) }
        }
        16 => Step::Stall { client, ms: random.below(20_000) },
        17 => {
            let fate = [Fate::Lost, Fate::Twice, Fate::Late][random.below(3) as usize];
            Step::Feed { client, fate, count: 1 + random.below(4) as u32 }
        }
        18 => Step::Restart { down_ms: random.below(20_000) },
        19 => Step::Compact { keep: random.below(6) as usize },
        20 => Step::NewLog,
        21 => Step::Busy { count: 1 + random.below(3) as u32 },
        22 => Step::Mount { client, query: random.below(QUERIES.len() as u64) as usize },
        _ if random.percent(50) => Step::Unmount { client, which },
        _ => {
            let limit = random.percent(70).then(|| random.below(8) as u32);
            Step::Scroll {
                client,
                which,
                window: Window { after: None, offset: random.below(5) as u32, limit },
            }
        }
    }
}

/// The same edit with other texts.
fn typed(mut edit: Edit, number: u64) -> Edit {
    for op in &mut edit.ops {
        let (Op::Merge(_, fields) | Op::Upsert(_, fields)) = op else { continue };
        for name in ["name", "text"] {
            if fields.get(name).is_some() {
                fields[name] = serde_json::json!(format!("typed{number}"));
            }
        }
    }
    edit
}

fn others(random: &mut Random, number: u64) -> Vec<Op> {
    let key = any_key(random);
    vec![match random.below(10) {
        0..6 => Op::Merge(key, fields(random, key.0, number)),
        6..9 => Op::Upsert(key, whole(random, key.0, number, 10)),
        _ => Op::Delete(key),
    }]
}

fn kill(random: &mut Random, client: usize, when: When) -> Step {
    // Wall clocks are set by people and by time zones that went wrong, in both directions.
    let wrong = DAY_MS * 400;
    let clock_ms = if random.percent(60) { 0 } else { random.below(2 * wrong) as i64 - wrong as i64 };
    Step::Kill {
        client,
        when,
        is_written: random.percent(50),
        damage: random.percent(12).then(|| random.next()),
        down_ms: if random.percent(70) { random.below(20) } else { random.below(60_000) },
        clock_ms,
    }
}
