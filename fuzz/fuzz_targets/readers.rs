//! Any text that is read without the parser gives the tree of the parser's events: `cargo fuzz run readers examples/documents`.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{Framing, Limits, parse_by_events, parse_directly};

fuzz_target!(|text: &str| {
    let source = Arc::new(Source::new("a.yml", text));
    for framing in [Framing::Stream, Framing::Lines] {
        if let Some(tree) = parse_directly(Arc::clone(&source), Limits::default(), framing) {
            assert_eq!(tree, parse_by_events(Arc::clone(&source), Limits::default(), framing));
        }
    }
});
