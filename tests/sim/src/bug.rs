//! Mistakes that are made on purpose, to see whether they are found.

/// A mistake of whoever writes a driver, a storage or a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    /// A storage writes a batch bit by bit, the cursor first.
    CursorApart,
    /// A storage says that a batch is written when it is not yet.
    ToldTooEarly,
    /// A backend says of a mutation that an event before its own is its outcome, so that its layer goes too early.
    LayerDroppedEarly,
    /// A backend does a mutation again that it has done.
    DoneTwice,
    /// A backend forgets what it has done when it is started again.
    Forgetful,
    /// A backend leaves an event out when a client catches up.
    EventLeftOut,
}
