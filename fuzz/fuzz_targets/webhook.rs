//! A target: messages of a payment provider, for libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ashiato_fuzz::webhook(data));
