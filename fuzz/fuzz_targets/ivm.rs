//! Live results against the oracle.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("ivm"), |data: &[u8]| larder_fuzz::ivm::run(data));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    larder_fuzz::ivm::mutate(data, size, max_size, seed)
});
