//! Events, edits and queries.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("events"), |data: &[u8]| larder_fuzz::events::run(data));
