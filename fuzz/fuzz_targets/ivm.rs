//! Live results against the oracle.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("ivm"), |data: &[u8]| larder_fuzz::ivm::run(data));
