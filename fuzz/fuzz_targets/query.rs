//! Queries as text.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("query"), |data: &[u8]| larder_fuzz::query::run(data));
