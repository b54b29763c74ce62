//! The language of objectives: text to [`Expression`](ast::Expression) and back.

pub mod ast;
mod lexer;
mod parser;
mod print;
mod tokens;

pub use parser::{
    FaultKind, MOST_BYTES, MOST_DEPTH, MOST_NODES, Parsed, Slip, SyntaxFault, expected_after, parse, parse_value,
};

pub use tokens::{TokenClass, tokens};

#[cfg(test)]
mod tests;
