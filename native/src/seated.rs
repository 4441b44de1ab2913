//! Which threads are making a step.

use std::cell::Cell;

thread_local! {
    static IS_SEATED: Cell<bool> = const { Cell::new(false) };
}

/// This thread makes a step, of whatever client, until this is dropped.
pub(crate) struct Seated {
    before: bool,
}

impl Seated {
    pub(crate) fn sit_down() -> Self {
        Self { before: IS_SEATED.replace(true) }
    }

    /// Is this thread making a step? Then what it waits for could never come.
    pub(crate) fn is_this_thread() -> bool {
        IS_SEATED.get()
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        IS_SEATED.set(self.before);
    }
}
