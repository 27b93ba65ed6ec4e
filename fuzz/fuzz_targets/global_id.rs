//! A target: global ids, for libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ashiato_fuzz::global_id(data));
