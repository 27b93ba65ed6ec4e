//! A target: cursors, for libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ashiato_fuzz::cursor_of(data));
