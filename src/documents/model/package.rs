//! What a packaged model demands of where it is deployed (lifecycle step 10).

use schemars::JsonSchema;
use serde::Deserialize;

use crate::documents::common::{Date, SoftwareVersion, Text};
use crate::documents::field::{List, Optional, Required};

/// What the deployed model may do, and what was looked for in the package (lifecycle step 10).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct SecurityConstraints {
    /// Whether the container must not run as root.
    pub run_as_non_root: Optional<bool>,
    /// What the model may connect to.
    pub network: Optional<NetworkAccess>,
    /// The file that lists what the package consists of, in SPDX or CycloneDX.
    pub sbom: Optional<Text>,
    /// The scans of the package for code and vulnerabilities.
    pub scans: Optional<List<Scan>>,
}

/// What a deployed model may connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum NetworkAccess {
    /// Nothing.
    None,
    /// Services of its own network.
    Internal,
    /// Anything.
    Internet,
}

/// A scan of a package.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Scan {
    /// The tool, such as `modelscan`.
    pub tool: Required<Text>,
    /// The version of the tool.
    pub version: Optional<SoftwareVersion>,
    /// When the package was scanned.
    pub performed_on: Required<Date>,
    /// Whether nothing was found.
    pub result: Required<ScanResult>,
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ScanResult {
    /// Nothing was found.
    Passed,
    /// Something was found.
    Failed,
}
