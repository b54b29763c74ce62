//! All schemas that are published in `schemas/`.

use serde_json::Value;

use crate::documents::Kind;
use crate::schema::{all_kinds, file_name, generate, identified};
use crate::{config, governance, objectives, report};

/// Returns the published schemas: file name and content of each.
#[must_use]
pub fn schemas() -> Vec<(String, Value)> {
    let mut files: Vec<_> = Kind::ALL.iter().map(|kind| (file_name(kind.name()), generate(*kind))).collect();
    files.push((file_name("mlspec"), all_kinds()));
    files.push((file_name("mlspec-lint"), config::json_schema()));
    files.push((file_name("report"), identified("report", report::json_schema())));
    files.push((file_name("coverage"), identified("coverage", report::coverage_schema())));
    files.push((file_name("comparison"), identified("comparison", report::comparison_schema())));
    files.push((file_name("lineage"), identified("lineage", report::lineage::lineage_schema())));
    files.push((file_name("governance"), identified("governance", governance::governance_schema())));
    files.push((file_name("statistics"), identified("statistics", report::statistics_schema())));
    files.push((file_name("verdict"), identified("verdict", objectives::verdict::json_schema())));
    files
}
