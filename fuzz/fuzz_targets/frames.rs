//! A connection whose other side sends anything.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("frames"), |data: &[u8]| larder_fuzz::frames::run(data));
