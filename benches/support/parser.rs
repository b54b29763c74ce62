//! The reference for comparisons: the YAML parser alone, with the options that `src/yaml/build/events.rs` gives it.

use granit_parser::Parser;

/// Parses a text and discards the events; returns their number. Like the checker, it continues after a document that is not YAML.
pub fn events(text: &str) -> u64 {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: 1 << 20,
        flow_nesting_limit: 128,
        block_nesting_limit: 128,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut events = 0;
    while let Some(event) = parser.next_event() {
        events += 1;
        if event.is_err() && !matches!(parser.proceed_next_document(), Ok(true)) {
            break;
        }
    }
    events
}
