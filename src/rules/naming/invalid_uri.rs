//! `naming/invalid-uri`

use crate::rules::declare_rule;

declare_rule! {
    /// A URI must be absolute: a scheme such as `https:` or `s3:`, and what follows it.
    ///
    /// Without its scheme a web address cannot be distinguished from a path or a bucket, and a reader guesses. Spaces and a doubled scheme
    /// (`https://https://…`) are reported as well. A value with a placeholder that is filled in later (`${…}`, `{{…}}`, `<…>`) is accepted.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: internal.contoso.com/datasets/loans-2026-08
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: https://internal.contoso.com/datasets/loans-2026-08
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    pub INVALID_URI = {
        id: "naming/invalid-uri",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.yml, “location: https://…”; the URI type of mlspeclib",
        kinds: [],
        check: Schema(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_store_or_a_site_is_named_before_the_path() {
        let is_wrong = |location: &str| {
            let text = format!("kind: dataset\nmlSpecVersion: 0.1.0\nname: a\nlocation: '{location}'\n");
            found(&text).iter().any(|(rule, ..)| *rule == "naming/invalid-uri")
        };
        for location in
            ["s3:/a/b", "s3://", "s3:///a", "gs:a/b", "https:/a.example/b", "https://", "https://https://a", "a/b"]
        {
            assert!(is_wrong(location), "{location}");
        }
        for location in [
            "s3://a",
            "S3://a/b",
            "https://a",
            "file:///a/b",
            "hdfs:///a",
            "urn:a:b",
            "s3:${BUCKET}/a",
            "gsx:a",
            "",
            "dbfs:/a",
        ] {
            assert!(!is_wrong(location), "{location}");
        }
    }
}
