//! `document/invalid-format`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must have the form that its field asks for, such as that of an e-mail address.
    ///
    /// People look up such an address when a model misbehaves. A placeholder such as `${AUTHOR_EMAIL}` that is filled in later is accepted.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author:
    ///   name: Jane Doe
    ///   email: jane.doe at contoso.com
    /// framework:
    ///   name: onnx
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// author:
    ///   name: Jane Doe
    ///   email: jane.doe@contoso.com
    /// framework:
    ///   name: onnx
    /// ```
    pub INVALID_FORMAT = {
        id: "document/invalid-format",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/model_packaging.md, “email of this training job's author”",
        kinds: [],
        check: Schema(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::found;

    #[test]
    fn half_an_address_is_no_owner() {
        let about = |owner: &str| {
            let text = changed(&[("owner: risk-ml@contoso.com", &format!("owner: \"{owner}\""))]);
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::INVALID_FORMAT.id);
            own.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        for owner in ["m@", "m@contoso.", "m@@contoso.com", "m@.com", "a@b@c"] {
            assert_eq!(about(owner), [format!("\"{owner}\"")]);
        }
        for owner in [
            "risk",
            "Risk team",
            "@contoso/risk",
            "m@contoso.com",
            "m@localhost",
            "Jane <jane@contoso.com>",
            "${OWNER}@",
        ] {
            assert_eq!(about(owner), [""; 0], "{owner}");
        }
    }

    #[test]
    fn half_a_reference_is_none() {
        let about = |reference: &str| {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps: {{fit: {{moduleName: \"{reference}\"}}}}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::INVALID_FORMAT.id);
            own.count()
        };
        for reference in ["fit@", "@1.0.0", "fit@1.0.0@2.0.0", " @1.0.0", "fit@ ", "@"] {
            assert_eq!(about(reference), 1, "{reference}");
        }
        for reference in ["fit", "fit@1.0.0", "fit@latest", "${module}@", "f1eea1ca-a2af-47c0-9133-2dd89bab5a74"] {
            assert_eq!(about(reference), 0, "{reference}");
        }
    }
}
