//! `document/numeric-version`

use crate::rules::declare_rule;

declare_rule! {
    /// A version must be quoted when it would otherwise be read as a number.
    ///
    /// Without quotes, `1.10` is the number 1.1, and `3.0` may come back as `3`: whoever pins the version then installs
    /// another release than the one that the model was trained with. A version with two dots, such as `1.10.0`, needs
    /// no quotes.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: pytorch
    ///   version: 1.10
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// framework:
    ///   name: pytorch
    ///   version: "1.10"
    /// ```
    ///
    /// ## Fix
    /// `--fix` puts the version in quotes exactly as it is written.
    pub NUMERIC_VERSION = {
        id: "document/numeric-version",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_example.yml, “version: 1.7”",
        kinds: [],
        check: Schema(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_message_tells_what_becomes_of_this_very_version() {
        for (version, message) in [
            ("1.10", "version 1.10 is a YAML number, and reads as 1.1"),
            ("3.0", "version 3.0 is a YAML number, and reads as 3"),
            ("0x10", "version 0x10 is a YAML number, and reads as 16"),
            ("1.7", "version 1.7 is a YAML number; a version is text"),
            ("20260822093000123", "version 20260822093000123 is a YAML number; a version is text"),
        ] {
            let text = format!("kind: model\nmlSpecVersion: 0.1.0\nframework: {{name: onnx, version: {version}}}\n");
            let found = found(&text);
            let messages: Vec<_> = found.iter().filter(|(rule, ..)| *rule == super::NUMERIC_VERSION.id).collect();
            assert_eq!(messages.iter().map(|(.., message)| message.as_str()).collect::<Vec<_>>(), [message]);
        }
    }
}
