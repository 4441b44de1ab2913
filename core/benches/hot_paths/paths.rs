//! The paths that are measured, and counted in instructions.

use crate::{layers, queries, restart, rows, text};

/// One step of a path, by its number.
pub type Step = Box<dyn FnMut(usize)>;

/// A path through the cache.
pub struct Path {
    /// What it is.
    pub name: &'static str,
    /// How many steps are counted together; one where each step needs preparation of its own.
    pub steps: usize,
    /// Prepares it.
    pub prepare: fn() -> Step,
}

/// All paths.
pub const PATHS: &[Path] = &[
    Path { name: "ingest a batch of 10000 rows", steps: 1, prepare: rows::ingest_10k },
    Path { name: "ingest a batch of 100000 rows", steps: 1, prepare: rows::ingest_100k },
    Path { name: "an event into a window of 100 over 10000 rows", steps: 1000, prepare: rows::update_10k },
    Path { name: "an event into a window of 100 over 100000 rows", steps: 1000, prepare: rows::update_100k },
    Path { name: "an event of a burst, 20 windows", steps: 2000, prepare: rows::burst },
    Path { name: "an event with 10000 mounted queries", steps: 1000, prepare: rows::fan_out },
    Path { name: "delete a row that 20 queries show", steps: 500, prepare: rows::delete },
    Path { name: "an event of a tag in a window that includes tags", steps: 500, prepare: rows::include },
    Path { name: "an event into figures and groups", steps: 1000, prepare: rows::aggregates },
    Path { name: "the first query over 100000 rows", steps: 1, prepare: queries::first },
    Path { name: "the next value over 100000 rows", steps: 50, prepare: queries::next },
    Path { name: "mount one query of 10000 alike", steps: 1000, prepare: queries::mount },
    Path { name: "an optimistic edit and its rollback", steps: 1000, prepare: layers::edit },
    Path { name: "an edit, its event and its confirmation", steps: 1000, prepare: layers::confirmed },
    Path { name: "a key in a filter box over 20000 names", steps: 20, prepare: text::key },
    Path {
        name: "from a storage of 100000 rows to the first window",
        steps: 1,
        prepare: restart::first_window,
    },
    Path { name: "all of a storage of 20000 rows", steps: 1, prepare: restart::whole },
    Path { name: "an event that is stored, too", steps: 1000, prepare: restart::stored_update },
    Path { name: "an event of a catch-up", steps: 1000, prepare: restart::catch_up },
];
