//! The language of objectives: text to [`Expression`](ast::Expression) and back.

pub mod ast;
mod lexer;
mod parser;
mod print;

pub use parser::{FaultKind, MOST_BYTES, MOST_DEPTH, MOST_NODES, Parsed, Slip, SyntaxFault, parse, parse_value};

#[cfg(test)]
mod tests;
