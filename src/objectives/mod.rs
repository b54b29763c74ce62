//! Objectives: what a model must reach before it is deployed, written down so that it can be checked.

pub mod attest;
