//! Values that several kinds of documents share. Each contributes its constraints to the schema, together with the rule that
//! reports a violation of the constraint.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::field::{List, Optional, Required};

/// The patterns of the strings that documents have most.
pub mod patterns {
    /// Any text but blanks.
    pub const NOT_BLANK: &str = r"\S";
    /// A name.
    pub const NAME: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";
    /// A date and time with a zone.
    pub const TIMESTAMP: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$";
    /// A day, or a date and time.
    pub const DATE: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d))?$";
    /// A person or team.
    pub const PERSON: &str = r"^[^@]*[^@\s][^@]*$|^@[^@\s]+$|^[^@\s]+@[^@\s.]+(\.[^@\s.]+)*$|\S\s|\s\S|[$<{]";
    /// A digest.
    pub const DIGEST: &str = "^(sha256:[0-9a-fA-F]{64}|sha1:[0-9a-fA-F]{40}|sha512:[0-9a-fA-F]{128})$";
    /// A reference.
    pub const REFERENCE: &str = r"^[^@]*[^@\s][^@]*$|^[^@]*[^@\s][^@]*@[^@]*[^@\s][^@]*$|[$<{]";
}

/// Declares a string with constraints: a newtype and the schema that represents it.
macro_rules! string_type {
    ($($(#[doc = $doc:literal])* $name:ident { $($schema:tt)* })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
        pub struct $name(Box<str>);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": concat!($($doc),*).trim(),
                    "type": "string",
                    $($schema)*
                })
            }
        }
    )*};
}

string_type! {
    /// Version of the MLSpec specification that the document follows.
    SpecVersion {
        "pattern": "^0\\.(0\\.1|1\\.0|2\\.0)$",
        "patternErrorMessage": "not a known MLSpec version; the known ones are 0.0.1, 0.1.0 and 0.2.0",
        "examples": ["0.1.0", "0.2.0", "0.0.1"],
        "x-mlspec-rule": "document/unsupported-version"
    }

    /// Identifies the object in its workspace permanently: at most 40 characters, usually a UUID or a SHA-1.
    ObjectId {
        "minLength": 1,
        "maxLength": 40,
        "x-mlspec-rule": {"maxLength": "naming/id-too-long", "minLength": "document/missing-required", "type": "document/wrong-type"},
        "examples": ["3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11"]
    }

    /// Names the object: letters, digits, `-` and `_`, starting with a letter or digit, at most 255 characters.
    Name {
        "pattern": patterns::NAME,
        "patternErrorMessage": "not a valid name: use letters, digits, '-' and '_', starting with a letter or digit",
        "maxLength": 255,
        "x-mlspec-rule": {"pattern": "naming/name-characters", "maxLength": "naming/name-too-long"}
    }

    /// A description of the object; at most 32 768 characters.
    Description {
        "maxLength": 32768,
        "x-mlspec-rule": {"maxLength": "naming/description-too-long"}
    }

    /// A semantic version such as `1.0.1`.
    Version {
        "pattern": "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)(\\.(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$",
        "patternErrorMessage": "not a semantic version (major.minor.patch)",
        "x-mlspec-rule": {"pattern": "reproducibility/version-not-semver", "type": "document/numeric-version"},
        "examples": ["1.0.0"]
    }

    /// The version of a framework, runtime or other software, in any form; quote it, because an unquoted `1.10` is the
    /// number 1.1.
    SoftwareVersion {
        "x-mlspec-rule": {"type": "document/numeric-version"},
        "examples": ["2.16.1"]
    }

    /// A date and time with a zone, as in RFC 3339: `2026-08-22T09:30:00Z`.
    Timestamp {
        "pattern": patterns::TIMESTAMP,
        "patternErrorMessage": "not an RFC 3339 date-time",
        "x-mlspec-rule": {"pattern": "document/invalid-timestamp"},
        "examples": ["2026-08-22T09:30:00Z"]
    }

    /// A day such as `2026-08-22`, or an RFC 3339 date-time.
    Date {
        "pattern": patterns::DATE,
        "patternErrorMessage": "not a date (YYYY-MM-DD) or an RFC 3339 date-time",
        "x-mlspec-rule": {"pattern": "document/invalid-timestamp"},
        "examples": ["2026-08-22"]
    }

    /// An absolute URI, or a placeholder that is filled in later (`${…}`, `{{…}}`, `<…>`). The schemes of stores and of the web name a
    /// bucket or host.
    Uri {
        "pattern": "^$|^(?!(?:[Ss]3|gs|https?|abfss?|wasbs?):(?!//[^/\\s]))[A-Za-z][A-Za-z0-9+.-]*:(?!//[A-Za-z][A-Za-z0-9+.-]*://)[^\\s]+$|[$<{]",
        "patternErrorMessage": "not an absolute URI",
        "x-mlspec-rule": {"pattern": "naming/invalid-uri"},
        "examples": ["https://example.com/credit-default"]
    }

    /// An e-mail address.
    Email {
        "pattern": "^$|^[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)*$|[$<{]",
        "patternErrorMessage": "not an e-mail address",
        "x-mlspec-rule": {"pattern": "document/invalid-format"}
    }

    /// A person or team: a name, an e-mail address, or a handle such as `@contoso/risk`.
    Person {
        "pattern": patterns::PERSON,
        "patternErrorMessage": "neither a name nor an e-mail address",
        "minLength": 1,
        "x-mlspec-rule": {"pattern": "document/invalid-format", "minLength": "document/missing-required"}
    }

    /// The digest of some content: `sha256:` and 64 hexadecimal digits (also `sha1:` and 40, `sha512:` and 128).
    Digest {
        "pattern": patterns::DIGEST,
        "patternErrorMessage": "not a digest (sha256:<64 hexadecimal digits>)",
        "x-mlspec-rule": {"pattern": "reproducibility/malformed-digest"}
    }

    /// A reference to another object by its name, `name@version`, or id.
    Reference {
        "minLength": 1,
        "pattern": patterns::REFERENCE,
        "patternErrorMessage": "not a name, name@version or id",
        "x-mlspec-rule": {"minLength": "document/missing-required", "pattern": "document/invalid-format"}
    }

    /// An SPDX license expression, such as `Apache-2.0`.
    License {
        "examples": ["Apache-2.0"]
    }

    /// Text that must not be empty.
    Text {
        "minLength": 1,
        "x-mlspec-rule": {"minLength": "document/missing-required"}
    }
}

/// Whether the object may be used in new work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Status {
    /// In use.
    #[serde(alias = "active")]
    Active,
    /// Still usable, with a warning: a replacement is available.
    #[serde(alias = "deprecated")]
    Deprecated,
    /// Not usable in new jobs and not found by name; still readable by id.
    #[serde(alias = "archived")]
    Archived,
}

impl JsonSchema for Status {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Whether the object may be used in new work. Lower case is accepted.",
            "type": "string",
            "enum": ["Active", "Deprecated", "Archived", "active", "deprecated", "archived"],
            "enumDescriptions": [
                "In use.",
                "Still usable, with a warning: a replacement is available.",
                "Not usable in new jobs and not found by name; still readable by id.",
                "Same as Active.", "Same as Deprecated.", "Same as Archived."
            ],
            "x-mlspec-rule": {"enum": "status/unknown-status"}
        })
    }
}

/// A key and its value, both strings: a tag or a property.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Tag {
    /// The key.
    pub key: Required<TagText>,
    /// The value; quote numbers and booleans.
    pub value: Required<TagText>,
}

string_type! {
    /// A string; quote numbers and booleans.
    TagText {
        "x-mlspec-rule": {"type": "run/tag-not-string"}
    }
}

/// Tags or properties.
pub type Tags = List<Tag>;

/// A share of a whole, as a fraction from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Deserialize)]
pub struct Share(f64);

impl Share {
    /// Returns the fraction.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl JsonSchema for Share {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "minimum": 0, "maximum": 1})
    }
}

/// A period of time, with both of its ends.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Period {
    /// The first day, or moment.
    pub start: Optional<Date>,
    /// The last day, or moment.
    pub end: Optional<Date>,
}

/// Somebody's approval.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Approval {
    /// Who approved.
    pub by: Required<Person>,
    /// When.
    pub approved_on: Required<Date>,
    /// Digest of what was approved.
    pub digest: Optional<Digest>,
}
