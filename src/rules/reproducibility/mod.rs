//! Rules about versions and digests, without which nothing can be reproduced.

pub mod digest_disagrees;
pub mod malformed_digest;
pub mod model_digest_disagrees;
pub mod no_content_digest;
pub mod unpinned_dependency;
pub mod version_not_semver;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &digest_disagrees::DIGEST_DISAGREES,
    &malformed_digest::MALFORMED_DIGEST,
    &model_digest_disagrees::MODEL_DIGEST_DISAGREES,
    &no_content_digest::NO_CONTENT_DIGEST,
    &unpinned_dependency::UNPINNED_DEPENDENCY,
    &version_not_semver::VERSION_NOT_SEMVER,
];

/// Whether a pip requirement names one version, or a file: `torch==2.4.0`, `credit @ https://…`.
pub(super) fn is_pinned(requirement: &str) -> bool {
    // The part after `;` says on which platforms the requirement applies.
    let requirement = requirement.split(';').next().unwrap_or(requirement);
    match requirement.split_once("==") {
        Some((name, version)) => {
            !name.contains(['<', '>', '~', '!', ','])
                && !version.contains(['*', ','])
                && !version.trim_start_matches('=').trim().is_empty()
        }
        None => requirement.contains('@'),
    }
}
