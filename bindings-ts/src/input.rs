//! Where JavaScript writes text.

use larder::Input;

/// Texts up to this size share one buffer; nearly every event is smaller.
pub const SCRATCH_BYTES: usize = 64 << 10;

/// A buffer for texts of usual size, which never moves, and one made for a large text, which the core may keep.
pub struct Scratch {
    usual: Box<[u8]>,
    large: Option<Vec<u8>>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { usual: vec![0; SCRATCH_BYTES].into_boxed_slice(), large: None }
    }
}

impl Scratch {
    pub fn address(&self) -> *const u8 {
        self.usual.as_ptr()
    }

    /// Makes room for a large text, or more room for the one that has `used` bytes so far.
    pub fn reserve(&mut self, length: usize, used: usize) -> *const u8 {
        let large = self.large.get_or_insert_default();
        set_length(large, used);
        if large.try_reserve_exact(length.saturating_sub(used)).is_err() {
            self.large = None;
            return std::ptr::null();
        }
        large.as_ptr()
    }

    /// The text that was written, of `length` bytes.
    pub fn take(&mut self, length: usize) -> Input<'_> {
        match self.large.take() {
            Some(mut large) => {
                set_length(&mut large, length);
                Input::Owned(large)
            }
            None => Input::Borrowed(self.usual.get(..length).unwrap_or_default()),
        }
    }
}

/// Takes what JavaScript wrote behind Rust's back as the contents.
fn set_length(buffer: &mut Vec<u8>, length: usize) {
    let length = length.min(buffer.capacity());
    // SAFETY: `length` is at most the capacity, and every byte of a WebAssembly memory is initialised: it was written by
    // JavaScript, or by an earlier owner, or is zero. Zeroing it here would cost a pass over each large event.
    unsafe { buffer.set_len(length) }
}
