//! The envelope: DSSE 1.0 in its recommended form, a JSON object.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::statement::expect_type;
use super::{AttestError, SigningKey, Statement, StatementPredicate, TestResults, VerifyingKey};

/// "`payloadType` MUST be set to \[…\] `application/vnd.in-toto+json`" (in-toto, Envelope layer).
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// Checking a signature requires a pass over the payload, so their number must not grow with the size of the envelope.
const MOST_SIGNATURES: usize = 64;

/// Signs a statement. Returns the text of its envelope, one line of JSON that ends with a newline. Several such lines are an in-toto
/// bundle.
///
/// # Errors
///
/// [`AttestError::Statement`] if the statement cannot be written as JSON, which does not happen to the result of [`Statement::new`].
pub fn sign<P: StatementPredicate>(statement: &Statement<P>, key: &SigningKey) -> Result<String, AttestError> {
    let payload = to_json::<P>(statement)?;
    let signature = Signature {
        keyid: key.verifying_key().keyid(),
        sig: BASE64.encode(&key.sign(&pre_authentication_encoding(PAYLOAD_TYPE, payload.as_bytes()))),
    };
    let envelope = Envelope {
        payload: BASE64.encode(payload.as_bytes()),
        payload_type: PAYLOAD_TYPE.to_owned(),
        signatures: vec![signature],
    };
    Ok(to_json::<P>(&envelope)? + "\n")
}

/// Returns the SHA-256 of the payload of an envelope, in 64 hexadecimal digits. Nothing is verified.
///
/// # Errors
///
/// [`AttestError::Envelope`] if the bytes are not an envelope, and those about its payload.
pub fn payload_digest(envelope: &[u8]) -> Result<String, AttestError> {
    let envelope: Envelope = serde_json::from_slice(envelope)
        .map_err(|error| AttestError::Envelope { line: error.line(), column: error.column() })?;
    Ok(HEXLOWER.encode(&Sha256::digest(decode("payload", &envelope.payload)?)))
}

/// Returns the verdict in an envelope, if the owner of the key signed it; see [`open_as`].
///
/// # Errors
///
/// All of [`AttestError`]: if the bytes are not an envelope, are not signed with this key, or are another kind of statement.
pub fn open(envelope: &[u8], key: &VerifyingKey) -> Result<Statement, AttestError> {
    open_as(envelope, key)
}

/// Returns the statement in an envelope, if the owner of the key signed it.
///
/// The payload is not parsed before a signature of it is verified: "Verify SIGNATURE \[…\]. Reject if PAYLOAD_TYPE is not a supported type.
/// Parse SERIALIZED_BODY" (DSSE protocol). Signatures of others in the same envelope are ignored.
///
/// # Errors
///
/// All of [`AttestError`]: if the bytes are not an envelope, are not signed with this key, or are another kind of statement.
pub fn open_as<P: StatementPredicate>(envelope: &[u8], key: &VerifyingKey) -> Result<Statement<P>, AttestError> {
    let envelope: Envelope = serde_json::from_slice(envelope)
        .map_err(|error| AttestError::Envelope { line: error.line(), column: error.column() })?;
    let payload = decode("payload", &envelope.payload)?;
    check_signatures(&envelope, &payload, key)?;
    expect_type("payloadType", envelope.payload_type, PAYLOAD_TYPE)?;
    Statement::parse(&payload)
}

/// Returns the only verdict in a bundle; see [`open_bundle_as`].
///
/// # Errors
///
/// Those of [`open_bundle_as`].
pub fn open_bundle(bundle: &[u8], key: Option<&VerifyingKey>) -> Result<BundledStatement, AttestError> {
    open_bundle_as(bundle, key)
}

/// Returns the only statement with this kind of predicate in a Sigstore bundle, or in several of them, line by line; lines that are envelopes
/// are also read. Statements of other kinds are ignored. A second one of this kind is not, whoever signed it: a reader of the bundle could not
/// tell which of them was verified. Without a key no signature is checked; certificate chains are never checked.
///
/// # Errors
///
/// [`AttestError::Envelope`] if it is not JSON, [`AttestError::Bundle`] if it does not hold exactly one such statement, and those of [`open_as`]
/// about its signatures.
pub fn open_bundle_as<P: StatementPredicate>(
    bundle: &[u8],
    key: Option<&VerifyingKey>,
) -> Result<BundledStatement<P>, AttestError> {
    let mut found = Vec::new();
    let (mut entries, mut is_bare) = (0, false);
    for entry in serde_json::Deserializer::from_slice(bundle).into_iter::<Entry>() {
        let entry = entry.map_err(|error| AttestError::Envelope { line: error.line(), column: error.column() })?;
        entries += 1;
        let is_in_no_bundle = entry.dsse_envelope.is_none();
        let Some((envelope, payload, statement)) = entry.envelope().and_then(read::<P>) else { continue };
        is_bare |= is_in_no_bundle;
        found.push((entries, envelope, payload, statement));
    }
    let is_signed = |envelope: &Envelope, payload: &[u8]| match key {
        Some(key) => check_signatures(envelope, payload, key),
        None => Ok(()),
    };
    if let [(_, envelope, payload, _)] = found.as_slice() {
        is_signed(envelope, payload)?;
    }
    let signed = found.iter().filter(|(_, envelope, payload, _)| is_signed(envelope, payload).is_ok()).count();
    match (found.pop(), found.len()) {
        // No other tool verifies an envelope that is in no bundle.
        (Some(_), 0) if is_bare && key.is_none() => Err(AttestError::NoSignature),
        (Some((entry, _, _, statement)), 0) => Ok(BundledStatement { statement, entry, entries }),
        (last, others) => {
            let found = others + usize::from(last.is_some());
            Err(AttestError::Bundle { what: P::NOUN, found, signed: key.map(|_| signed) })
        }
    }
}

/// A statement in a bundle.
#[derive(Clone, Debug, PartialEq)]
pub struct BundledStatement<P: StatementPredicate = TestResults> {
    /// The statement.
    pub statement: Statement<P>,
    /// The number of its entry, from 1.
    pub entry: usize,
    /// The number of all entries.
    pub entries: usize,
}

/// Returns the statement in an envelope, with what was signed; `None` if it holds something else.
fn read<P: StatementPredicate>(envelope: Envelope) -> Option<(Envelope, Vec<u8>, Statement<P>)> {
    let payload = payload_of(&envelope).ok()?;
    let statement = Statement::parse(&payload).ok()?;
    Some((envelope, payload, statement))
}

/// A Sigstore bundle, or an envelope without one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    dsse_envelope: Option<Envelope>,
    payload: Option<String>,
    payload_type: Option<String>,
    #[serde(default)]
    signatures: Vec<Signature>,
}

impl Entry {
    fn envelope(self) -> Option<Envelope> {
        let Self { dsse_envelope, payload, payload_type, signatures } = self;
        dsse_envelope.or_else(|| Some(Envelope { payload: payload?, payload_type: payload_type?, signatures }))
    }
}

/// Returns the envelope of each entry of a file; `None` for one that holds something else.
pub(super) fn entries(text: &[u8]) -> impl Iterator<Item = Result<Option<Envelope>, AttestError>> {
    let read = |entry: Result<Entry, serde_json::Error>| match entry {
        Ok(entry) => Ok(entry.envelope()),
        Err(error) => Err(AttestError::Envelope { line: error.line(), column: error.column() }),
    };
    serde_json::Deserializer::from_slice(text).into_iter::<Entry>().map(read)
}

/// Returns the payload of an envelope around a statement.
pub(super) fn payload_of(envelope: &Envelope) -> Result<Vec<u8>, AttestError> {
    expect_type("payloadType", envelope.payload_type.clone(), PAYLOAD_TYPE)?;
    decode("payload", &envelope.payload)
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope {
    payload: String,
    payload_type: String,
    /// "Empty fields may be omitted." (DSSE envelope)
    #[serde(default)]
    signatures: Vec<Signature>,
}

impl Envelope {
    pub(super) fn is_signed(&self) -> bool {
        self.signatures.iter().any(|signature| !signature.sig.trim().is_empty())
    }
}

#[derive(Serialize, Deserialize)]
struct Signature {
    /// Not read, since no decision may be based on it.
    #[serde(skip_deserializing)]
    keyid: String,
    sig: String,
}

pub(super) fn check_signatures(envelope: &Envelope, payload: &[u8], key: &VerifyingKey) -> Result<(), AttestError> {
    let found = envelope.signatures.len();
    match found {
        0 => return Err(AttestError::NoSignature),
        1..=MOST_SIGNATURES => {}
        _ => return Err(AttestError::TooManySignatures { found, limit: MOST_SIGNATURES }),
    }
    let signed = pre_authentication_encoding(&envelope.payload_type, payload);
    for signature in &envelope.signatures {
        if key.verifies(&signed, &decode("sig", &signature.sig)?) {
            return Ok(());
        }
    }
    Err(AttestError::Unverified { keyid: key.keyid() })
}

/// Returns the bytes that are signed: `PAE(type, body) = "DSSEv1" + SP + LEN(type) + SP + type + SP + LEN(body) + SP + body`, lengths in
/// bytes (DSSE protocol).
fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoding = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    encoding.extend_from_slice(payload);
    encoding
}

/// Decodes base64. "Either standard or URL-safe base64 encodings are allowed. Signers may use either, and verifiers **MUST** accept
/// either." (DSSE protocol)
fn decode(field: &'static str, base64: &str) -> Result<Vec<u8>, AttestError> {
    let digits = base64.trim_end_matches('=');
    let alphabet = if digits.contains(['-', '_']) { BASE64URL_NOPAD } else { BASE64_NOPAD };
    alphabet.decode(digits.as_bytes()).map_err(|_| AttestError::Base64 { field })
}

fn to_json<P: StatementPredicate>(value: &impl Serialize) -> Result<String, AttestError> {
    serde_json::to_string(value).map_err(AttestError::statement::<P>)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use ed25519_dalek::pkcs8::EncodePrivateKey;
    use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;

    use super::*;

    /// The example of the DSSE protocol document.
    #[test]
    fn encoding_is_that_of_the_protocol() {
        let encoding = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoding, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    /// The output of OpenSSL for the same bytes, with the key of test 1 in RFC 8032, section 7.1.
    #[test]
    fn signatures_are_those_of_other_implementations() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed = HEXLOWER.decode(seed.as_bytes()).unwrap().try_into().unwrap();
        let pem = ed25519_dalek::SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF).unwrap();
        let key = SigningKey::from_pem(&pem).unwrap();

        let statement = br#"{"_type":"https://in-toto.io/Statement/v1"}"#.as_slice();
        let vectors = [
            (
                PAYLOAD_TYPE,
                statement,
                "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==",
            ),
            (
                PAYLOAD_TYPE,
                b"",
                "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg==",
            ),
            (
                PAYLOAD_TYPE,
                b"\xfb\xff\xbf\x3e\x3f",
                "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw==",
            ),
            // The length is counted in bytes, not in characters.
            (
                "application/vnd.exämple+json",
                statement,
                "xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==",
            ),
            ("", statement, "iC3q/+3Rm0+lpAJRueDmDh15PnwCfxKmS0NAfKsbv+zgulXQC/WM9trc+j1XEqlwDIg/vf/uNfebeD6sxInrDg=="),
        ];
        for (payload_type, payload, signature) in vectors {
            let encoding = pre_authentication_encoding(payload_type, payload);
            let signature = decode("sig", signature).unwrap();
            assert_eq!(key.sign(&encoding).as_slice(), signature, "{payload_type}");
            assert!(key.verifying_key().verifies(&encoding, &signature), "{payload_type}");
        }
    }
}
