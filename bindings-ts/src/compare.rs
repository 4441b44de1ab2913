//! Comparing bytes sixteen at a time: what comes with Rust for the browser looks at one after the other, and a cache compares
//! texts all day.

use std::arch::wasm32::{u8x16_bitmask, u8x16_ne, v128, v128_load};

/// How many bytes are compared at a time.
const WIDE: usize = std::mem::size_of::<v128>();

/// What the C standard calls `memcmp`; the compiler makes every comparison of byte strings a call of it.
///
/// # Safety
/// As in C: `len` bytes can be read from both places on.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    let mut at = 0;
    while at + WIDE <= len {
        // SAFETY: the 16 bytes from `at` on are among the `len` that the caller vouches for; the load needs no alignment.
        let differ = unsafe {
            u8x16_bitmask(u8x16_ne(v128_load(left.add(at).cast()), v128_load(right.add(at).cast())))
        };
        if differ != 0 {
            at += differ.trailing_zeros() as usize;
            // SAFETY: `at` is the place of one of those 16 bytes.
            return unsafe { i32::from(*left.add(at)) - i32::from(*right.add(at)) };
        }
        at += WIDE;
    }
    while at < len {
        // SAFETY: `at` is below `len`.
        let (a, b) = unsafe { (*left.add(at), *right.add(at)) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
        at += 1;
    }
    0
}
