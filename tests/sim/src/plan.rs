//! What happens in a world, written down before it begins, so that parts of it can be left out.

use std::fmt;

use larder::query::Window;

use crate::edit::{Edit, Op};
use crate::rows::Kind;

/// How a client is set up.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// It subscribes to these types only.
    pub(crate) types: Option<Vec<Kind>>,
    pub(crate) has_storage: bool,
    /// Its patches have only the members that changed.
    pub(crate) sends_changes: bool,
    /// How long a message takes, each way.
    pub(crate) latency_ms: u64,
    /// How long its storage takes to write and to read.
    pub(crate) storage_ms: u64,
    /// What its clock says at the beginning of the world.
    pub(crate) clock_ms: u64,
    /// It keeps so many rows in memory, beside those that are referenced.
    pub(crate) budget: Option<u32>,
}

/// A story.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) clients: Vec<Setting>,
    pub(crate) steps: Vec<Step>,
    /// Whoever wants the batch of this number stored, counted over all clients, is killed then; and whether it is written all the same.
    pub(crate) killed_at: Option<(u64, bool)>,
}

/// What befalls events of the live stream where the way is not one connection in order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Lost,
    Twice,
    Late,
}

/// What is wrong with a storage.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ailment {
    /// So many batches find no room.
    Full(u32),
    /// The next start finds it locked.
    Locked,
    /// The next read fails.
    Unreadable,
}

/// When a client is killed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    Now,
    /// As soon as it wants something stored.
    AtBatch,
    /// As soon as it wants something read.
    AtLoad,
}

/// One step of a story. Each can be left out without changing what the others are.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Wait(u64),
    /// Somebody who is not simulated changes something.
    Others(Vec<Op>),
    /// Many rows at once, in one event.
    Bulk {
        kind: Kind,
        first: u32,
        count: u32,
        text: usize,
    },
    Edit {
        client: usize,
        edit: Edit,
    },
    /// The app decides about an edit that is held back.
    TakeUp {
        client: usize,
        retries: bool,
    },
    Discard {
        client: usize,
        which: usize,
    },
    Kill {
        client: usize,
        when: When,
        /// The batch on its way was written after all.
        is_written: bool,
        /// A value of what it stored is damaged.
        damage: Option<u64>,
        down_ms: u64,
        /// What the clock says when it is started again, beside what it should.
        clock_ms: i64,
    },
    Ail {
        client: usize,
        ailment: Ailment,
    },
    Flush(usize),
    /// The connection breaks, and what is on its way is lost.
    Break(usize),
    /// Nothing gets through for a while.
    Partition {
        client: usize,
        ms: u64,
    },
    Offline(usize),
    Online(usize),
    /// The device was asleep: its clock is ahead of what was done.
    Sleep {
        client: usize,
        ms: u64,
    },
    /// The engine sends this client nothing for a while.
    Stall {
        client: usize,
        ms: u64,
    },
    Feed {
        client: usize,
        fate: Fate,
        count: u32,
    },
    Restart {
        down_ms: u64,
    },
    /// The log is cut off, but for its last events.
    Compact {
        keep: usize,
    },
    /// The log begins again from 1.
    NewLog,
    /// So many mutations are refused for the moment.
    Busy {
        count: u32,
    },
    Mount {
        client: usize,
        query: usize,
    },
    Unmount {
        client: usize,
        which: usize,
    },
    Scroll {
        client: usize,
        which: usize,
        window: Window,
    },
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, setting) in self.clients.iter().enumerate() {
            writeln!(out, "  client {number}: {setting:?}")?;
        }
        if let Some((batch, is_written)) = self.killed_at {
            writeln!(out, "  killed at batch {batch}, which is written: {is_written}")?;
        }
        for step in &self.steps {
            writeln!(out, "  {}", format!("{step:?}").replace("Object ", ""))?;
        }
        Ok(())
    }
}
