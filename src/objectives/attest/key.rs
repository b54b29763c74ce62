//! Keys in the formats of `openssl`. Neither errors nor `Debug` output reveal any part of a key.

use std::fmt;

use data_encoding::HEXLOWER;
use ed25519_dalek::pkcs8::{self, DecodePrivateKey, DecodePublicKey, spki};
use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};

/// The bytes that precede the 32 bytes of the key in the DER of an ed25519 `SubjectPublicKeyInfo` (RFC 8410, section 4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

const DAMAGED: &str = "damaged or incomplete PEM";

/// A private ed25519 key. Its memory is overwritten when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Reads a private key from PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it. Text before the key and space around it
    /// are ignored.
    ///
    /// # Errors
    ///
    /// If the text is not such a key: what was found instead.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        const KIND: KeyKind = KeyKind::Private;
        KIND.check_label(text)?;
        ed25519_dalek::SigningKey::from_pkcs8_pem(text.trim()).map(Self).map_err(|error| match error {
            pkcs8::Error::PublicKey(error) => KIND.refuse(error),
            _ => KIND.but_found(DAMAGED),
        })
    }

    /// Returns the corresponding public key.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Returns the signature of these bytes. It is deterministic (RFC 8032, section 5.1.6).
    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// A public ed25519 key.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads a public key from `SubjectPublicKeyInfo` in PEM, as `openssl pkey -pubout` writes it. Text before the key and space around it
    /// are ignored.
    ///
    /// # Errors
    ///
    /// If the text is not such a key: what was found instead.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        const KIND: KeyKind = KeyKind::Public;
        KIND.check_label(text)?;
        ed25519_dalek::VerifyingKey::from_public_key_pem(text.trim()).map(Self).map_err(|error| KIND.refuse(error))
    }

    /// Returns the SHA-256 of the key's `SubjectPublicKeyInfo` in DER, in hexadecimal digits:
    /// `openssl pkey -pubin -in pub.pem -outform DER | sha256sum`.
    ///
    /// It is only a hint: "It **MUST NOT** be used for security decisions; it may only be used to narrow the selection of possible keys to
    /// try" (DSSE protocol). Here it is written and never read. Python's securesystemslib derives its key ids differently, and must be
    /// given this one.
    #[must_use]
    pub fn keyid(&self) -> String {
        HEXLOWER.encode(&Sha256::new().chain_update(SPKI_PREFIX).chain_update(self.0.as_bytes()).finalize())
    }

    /// Returns whether the owner of the key signed these bytes. The check is strict: keys and signatures that are valid for more than one
    /// text are refused (small order, RFC 8032, section 5.1.7).
    pub(super) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&self.keyid()).finish()
    }
}

/// A text is not the expected key. The error describes what it is instead, and reveals nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, but found {found}", .expected.description())]
pub struct KeyError {
    expected: KeyKind,
    found: &'static str,
}

/// The two kinds of keys that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyKind {
    Private,
    Public,
}

impl KeyKind {
    fn description(self) -> &'static str {
        match self {
            Self::Private => {
                "a private ed25519 key in PEM (`BEGIN PRIVATE KEY`), as `openssl genpkey -algorithm ed25519` writes it"
            }
            Self::Public => "a public ed25519 key in PEM (`BEGIN PUBLIC KEY`), as `openssl pkey -pubout` writes it",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Private => "PRIVATE KEY",
            Self::Public => "PUBLIC KEY",
        }
    }

    /// Refuses a text whose first PEM block does not have the label of this kind.
    fn check_label(self, text: &str) -> Result<(), KeyError> {
        let (_, rest) = text.split_once("-----BEGIN ").ok_or(self.but_found("no PEM (`-----BEGIN …-----`) at all"))?;
        let label = rest.split("-----").next().unwrap_or_default();
        if label == self.label() { Ok(()) } else { Err(self.but_found(look_up(LABELS, label))) }
    }

    fn refuse(self, error: spki::Error) -> KeyError {
        match error {
            spki::Error::OidUnknown { oid } => self.but_found(look_up(ALGORITHMS, &oid.to_string())),
            _ => self.but_found(DAMAGED),
        }
    }

    fn but_found(self, found: &'static str) -> KeyError {
        KeyError { expected: self, found }
    }
}

/// Returns the value of a name in a table, whose last part is the default.
fn look_up(table: (&[(&str, &'static str)], &'static str), name: &str) -> &'static str {
    table.0.iter().find(|(known, _)| *known == name).map_or(table.1, |(_, value)| value)
}

/// The contents of PEM blocks by label (RFC 7468, and the labels that OpenSSL, OpenSSH and cosign add).
const LABELS: (&[(&str, &str)], &str) = (
    &[
        ("PRIVATE KEY", "a private key"),
        ("PUBLIC KEY", "a public key"),
        ("ENCRYPTED PRIVATE KEY", "an encrypted private key (`openssl pkey` decrypts it)"),
        ("RSA PRIVATE KEY", "an RSA key"),
        ("RSA PUBLIC KEY", "an RSA key"),
        ("EC PRIVATE KEY", "an EC key"),
        ("EC PARAMETERS", "parameters of an EC key"),
        ("DSA PRIVATE KEY", "a DSA key"),
        ("DSA PARAMETERS", "parameters of a DSA key"),
        ("OPENSSH PRIVATE KEY", "a private key of OpenSSH"),
        ("ENCRYPTED COSIGN PRIVATE KEY", "an encrypted private key of cosign"),
        ("ENCRYPTED SIGSTORE PRIVATE KEY", "an encrypted private key of cosign"),
        ("CERTIFICATE", "a certificate"),
        ("CERTIFICATE REQUEST", "a request for a certificate"),
    ],
    "PEM of another kind",
);

/// Algorithms by their object identifier.
const ALGORITHMS: (&[(&str, &str)], &str) = (
    &[
        ("1.2.840.113549.1.1.1", "an RSA key"),
        ("1.2.840.113549.1.1.10", "an RSA key"),
        ("1.2.840.10045.2.1", "an EC key"),
        ("1.2.840.10040.4.1", "a DSA key"),
        ("1.3.101.110", "an X25519 key, which cannot sign"),
        ("1.3.101.111", "an X448 key, which cannot sign"),
        ("1.3.101.113", "an Ed448 key"),
        ("2.16.840.1.101.3.4.3.17", "an ML-DSA key"),
        ("2.16.840.1.101.3.4.3.18", "an ML-DSA key"),
        ("2.16.840.1.101.3.4.3.19", "an ML-DSA key"),
    ],
    "a key of another algorithm",
);
