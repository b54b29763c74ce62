//! Any bytes as an envelope, and as what a good signature is of: what is opened says of itself what it was signed as, and nothing panics:
//! `cargo fuzz run attestation`.
#![no_main]

use std::sync::OnceLock;

use data_encoding::BASE64;
use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::{Signer, SigningKey};
use libfuzzer_sys::fuzz_target;
use mlspec_lint::objectives::attest::{VerifyingKey, open};

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

fn keys() -> &'static (SigningKey, VerifyingKey) {
    static KEYS: OnceLock<(SigningKey, VerifyingKey)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let own = SigningKey::from_bytes(&[7; 32]);
        let pem = own.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
        let public = VerifyingKey::from_pem(&pem).unwrap();
        (own, public)
    })
}

fuzz_target!(|payload: &[u8]| {
    let (own, public) = keys();
    let _ = open(payload, public);
    let mut signed = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
    signed.extend_from_slice(payload);
    let (payload, signature) = (BASE64.encode(payload), BASE64.encode(&own.sign(&signed).to_bytes()));
    let envelope =
        format!(r#"{{"payload":"{payload}","payloadType":"{PAYLOAD_TYPE}","signatures":[{{"sig":"{signature}"}}]}}"#);
    if let Ok(statement) = open(envelope.as_bytes(), public) {
        assert!(!statement.subjects().is_empty());
    }
    // Whatever is changed, the signature is no longer of it.
    let other = envelope.replacen("in-toto", "in-t0to", 1);
    assert!(open(other.as_bytes(), public).is_err());
});
