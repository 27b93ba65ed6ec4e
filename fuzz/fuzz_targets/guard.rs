//! A target: documents, for libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ashiato_fuzz::guard(data));
