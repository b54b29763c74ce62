//! Rules about pipelines: their graphs, ports, parameters and paths.

use crate::rules::family;

family! {}
