//! Storages that were damaged.

#![no_main]

libfuzzer_sys::fuzz_target!(init: larder_fuzz::seeds::write("persisted"), |data: &[u8]| larder_fuzz::persisted::run(data));
