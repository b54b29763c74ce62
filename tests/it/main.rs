//! Tests of the library and of the binary from outside, in one program, so that the library is linked once.
//!
//! `cargo test --test it rule_pages::` runs those of one file. `CONTRIBUTING.md` describes what each file proves.

mod action;
mod analysis;
mod attest;
mod attest_files;
mod attest_run;
mod baselines;
#[cfg(unix)]
mod borders;
mod cli;
mod compare;
mod config;
mod corpus;
mod coverage;
mod criteria;
mod determinism;
mod digest;
mod discovery;
mod editor;
mod examples;
#[cfg(unix)]
mod exit_codes;
mod gate;
mod gate_around;
mod gate_bundle;
mod gate_chosen;
mod gate_contradictions;
mod gate_counts;
mod gate_evidence;
mod gate_examples;
mod gate_hostile;
mod gate_kept;
mod gate_mutate;
mod gate_possible;
mod gate_properties;
mod gate_recorded;
mod gate_references;
mod gate_refused;
mod gate_ties;
mod generated;
mod graph;
mod history;
#[cfg(unix)]
mod hostile;
mod house;
mod init;
#[cfg(unix)]
mod injection;
mod interop;
mod intruders;
mod leaks;
mod lineage;
mod log_seals;
mod logs;
mod many_documents;
mod masking;
mod named_files;
mod neighbours;
mod objectives_page;
mod omissions;
mod places;
mod probes;
mod properties;
mod readers;
mod readme;
mod records;
mod references;
mod report;
mod report_page;
mod report_schemas;
mod rule_pages;
mod schemas;
mod secrets;
mod server;
mod shapes;
mod slips;
mod spelling;
mod support;
mod terminal;
mod unread;
mod workspace;
