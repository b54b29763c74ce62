//! Rules about versions and digests, without which nothing can be made again.

use crate::rules::family;

family! {
    malformed_digest::MALFORMED_DIGEST,
    version_not_semver::VERSION_NOT_SEMVER,
}
