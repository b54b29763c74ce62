//! An attestation opens with the right key only, and then contains what was put into it.

use std::sync::OnceLock;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::Signer;
use mlspec_lint::objectives::attest::{
    AttestError, Attested, AttestedFile, AttestedOutcome, SigningKey, Statement, TestResult, VerifyingKey, open,
    open_bundle, sign,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// The private key of test 1 in RFC 8032, section 7.1, which is public knowledge.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5,
    0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const OTHER_SEED: [u8; 32] = [7; 32];

#[test]
fn an_envelope_gives_back_what_was_signed() {
    let statement = statement();
    let envelope = sign(&statement, &key(SEED)).unwrap();
    assert_eq!((envelope.matches('\n').count(), envelope.ends_with('\n')), (1, true));
    let opened = open(envelope.as_bytes(), &key(SEED).verifying_key()).unwrap();
    assert_eq!(opened, statement);

    assert_eq!(opened.result(), TestResult::Failed);
    assert_eq!(opened.objectives(TestResult::Passed), ["floor", "per-gender"]);
    assert_eq!(opened.objectives(TestResult::Warned), ["latency"]);
    assert_eq!(opened.objectives(TestResult::Failed), ["drift", "no-data"]);
    assert_eq!(opened.verdict(), &json!({"verdict": "unknown", "as_of": "2026-11-21", "counts": {"fail": 1}}));
    assert_eq!(opened.url(), Some("https://ci.contoso.com/runs/7"));
    let named = |artifacts: &[AttestedFile]| artifacts.iter().map(|it| it.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(named(opened.subjects()), ["model.onnx"]);
    assert_eq!(named(opened.inputs()), ["objectives.yml", "run.yml"]);
    assert_eq!(opened.inputs()[1].sha256(), "c".repeat(64));
}

/// Returns a Sigstore bundle around an envelope, as `cosign attest-blob --bundle` writes it.
fn bundle(envelope: &str) -> String {
    let envelope: Value = serde_json::from_str(envelope).unwrap();
    let material = json!({"certificate": {"rawBytes": "MIIC"}, "tlogEntries": []});
    let media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    json!({"mediaType": media_type, "verificationMaterial": material, "dsseEnvelope": envelope}).to_string()
}

#[test]
fn the_one_verdict_of_a_bundle_is_read() {
    let (envelope, key_of_signer) = attestation();
    let other = key(OTHER_SEED).verifying_key();
    let provenance = json!({"_type": STATEMENT_TYPE, "subject": [resource()], "predicate": {},
        "predicateType": "https://slsa.dev/provenance/v1"})
    .to_string();
    let provenance = json!({"payload": BASE64.encode(provenance.as_bytes()), "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": "AA=="}]})
    .to_string();
    let message =
        json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": {}}).to_string();
    let one = bundle(envelope);
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&one).unwrap()).unwrap();
    for text in [&one, &pretty, envelope, &format!("{}\n{message}\n{one}\n", bundle(&provenance))] {
        for key in [None, Some(key_of_signer)] {
            // No other tool verifies an envelope that is in no bundle.
            if key.is_none() && text == envelope {
                assert_eq!(open_bundle(text.as_bytes(), key), Err(AttestError::NoSignature));
                continue;
            }
            assert_eq!(open_bundle(text.as_bytes(), key).unwrap().statement, statement(), "{text}");
        }
        assert!(matches!(open_bundle(text.as_bytes(), Some(&other)), Err(AttestError::Unverified { .. })));
    }
    // With two verdicts, a reader could choose the better one.
    let two = format!("{one}\n{envelope}");
    assert_eq!(
        open_bundle(two.as_bytes(), None),
        Err(AttestError::Bundle { what: "verdicts", found: 2, signed: None })
    );
    for (text, found) in [(bundle(&provenance), 0), (message, 0), (String::new(), 0), ("{}".to_owned(), 0)] {
        assert_eq!(
            open_bundle(text.as_bytes(), None),
            Err(AttestError::Bundle { what: "verdicts", found, signed: None }),
            "{text}"
        );
    }
    for text in ["[", "{}\n{", "null", "[1]", "\u{feff}{}"] {
        assert!(matches!(open_bundle(text.as_bytes(), None), Err(AttestError::Envelope { .. })), "{text}");
    }
}

#[test]
fn the_same_statement_and_key_give_the_same_bytes() {
    let [one, two] = [(); 2].map(|()| sign(&statement(), &key(SEED)).unwrap());
    assert_eq!(one, two);
    let payload = [
        r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"model.onnx","digest":{"sha256":""#,
        &"a".repeat(64),
        r#""}}],"predicateType":"https://in-toto.io/attestation/test-result/v0.1","predicate":{"result":"FAILED","#,
        r#""configuration":[{"name":"objectives.yml","digest":{"sha256":""#,
        &"b".repeat(64),
        r#""}},{"name":"run.yml","digest":{"sha256":""#,
        &"c".repeat(64),
        r#""}}],"url":"https://ci.contoso.com/runs/7","passedTests":["floor","per-gender"],"warnedTests":["latency"],"#,
        r#""failedTests":["drift","no-data"],"#,
        r#""mlspecVerdict":{"verdict":"unknown","as_of":"2026-11-21","counts":{"fail":1}}}}"#,
    ];
    assert_eq!(String::from_utf8(Parts::of(&one).payload).unwrap(), payload.concat());
}

#[test]
fn what_was_not_judged_is_published_as_failed() {
    let results = [
        (AttestedOutcome::Passed, TestResult::Passed, "PASSED"),
        (AttestedOutcome::Warned, TestResult::Warned, "WARNED"),
        (AttestedOutcome::Failed, TestResult::Failed, "FAILED"),
        (AttestedOutcome::Unknown, TestResult::Failed, "FAILED"),
    ];
    for (outcome, result, published) in results {
        let attested = Attested { outcome, objectives: vec![("only".into(), outcome)], ..attested() };
        let statement = Statement::new(attested).unwrap();
        assert_eq!(statement.result(), result);
        assert_eq!(statement.objectives(result), ["only"]);
        assert_eq!(serde_json::to_value(&statement).unwrap()["predicate"]["result"], published);
    }
}

#[test]
fn only_the_right_key_opens_it() {
    let envelope = sign(&statement(), &key(SEED)).unwrap();
    let other = key(OTHER_SEED).verifying_key();
    let error = open(envelope.as_bytes(), &other).unwrap_err();
    assert_eq!(error, AttestError::Unverified { keyid: other.keyid() });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_altered_is_refused(field in 0..3, at in any::<prop::sample::Index>(), bit in 0..7_u8) {
        let (envelope, key) = attestation();
        let mut parts = Parts::of(envelope);
        let flip = |bytes: &mut Vec<u8>| {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        };
        match field {
            0 => flip(&mut parts.payload),
            1 => flip(&mut parts.signature),
            _ => {
                // The lower seven bits of ASCII are ASCII.
                let mut bytes = parts.payload_type.into_bytes();
                flip(&mut bytes);
                parts.payload_type = String::from_utf8(bytes).unwrap();
            }
        }
        let refused = Err(AttestError::Unverified { keyid: key.keyid() });
        prop_assert_eq!(open(parts.envelope().as_bytes(), key), refused);
    }

    #[test]
    fn no_byte_of_the_file_changes_what_is_read(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (envelope, key) = attestation();
        let mut envelope = envelope.clone().into_bytes();
        let at = at.index(envelope.len());
        envelope[at] = byte;
        if let Ok(opened) = open(&envelope, key) {
            prop_assert_eq!(opened, statement());
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        let key = &attestation().1;
        prop_assert!(open(&bytes, key).is_err());
        prop_assert!(SigningKey::from_pem(&text).is_err());
        prop_assert!(VerifyingKey::from_pem(&text).is_err());
        // For any signed content.
        prop_assert!(open(signed(PAYLOAD_TYPE, &bytes).as_bytes(), key).is_err());
    }
}

#[test]
fn signatures_of_others_do_not_matter() {
    let good = Parts::of(&sign(&statement(), &key(SEED)).unwrap());
    let theirs = Parts::of(&sign(&statement(), &key(OTHER_SEED)).unwrap()).signature;
    let [good_signature, their_signature] = [&good.signature, &theirs].map(|bytes| BASE64.encode(bytes));
    let envelope = |signatures: Value| {
        let payload = BASE64.encode(&good.payload);
        json!({"payload": payload, "payloadType": PAYLOAD_TYPE, "signatures": signatures, "x-note": 1}).to_string()
    };
    let accepted = [
        json!([{"sig": good_signature}]),
        json!([{"sig": good_signature, "keyid": "somebody"}]),
        json!([{"sig": good_signature, "keyid": null, "x-cert": {"a": [1]}}]),
        json!([{"sig": their_signature}, {"sig": good_signature}]),
        // Signatures of other algorithms have other lengths.
        json!([{"sig": BASE64.encode(&[1; 71])}, {"sig": ""}, {"sig": good_signature}]),
        json!([{"sig": BASE64URL_NOPAD.encode(&good.signature)}]),
    ];
    for signatures in accepted {
        let opened = open(envelope(signatures.clone()).as_bytes(), &key(SEED).verifying_key());
        assert_eq!(opened.as_ref(), Ok(&statement()), "{signatures}");
    }
    let keyid = key(SEED).verifying_key().keyid();
    let unverified = format!(
        "no signature of the envelope was made over this content with the key {keyid}: it was altered, or another key \
         signed it"
    );
    let many: Vec<_> = std::iter::repeat_n(json!({"sig": their_signature}), 65).collect();
    let refused = [
        (json!([{"sig": their_signature, "keyid": keyid}]), unverified.as_str()),
        (json!([{"sig": ""}]), &unverified),
        (json!([]), "the envelope has no signature"),
        (json!(many), "the envelope has 65 signatures, more than the 64 that are checked"),
        (json!([{"sig": "no base64"}]), "`sig` of the envelope is not base64"),
    ];
    for (signatures, message) in refused {
        assert_eq!(error(&envelope(signatures)), message);
    }
}

#[test]
fn base64_may_be_url_safe_and_unpadded() {
    // A payload whose base64 has all of `+`, `/` and padding.
    let payload = json!({"_type": STATEMENT_TYPE, "predicateType": PREDICATE_TYPE, "subject": [resource()],
        "predicate": {"result": "PASSED", "configuration": [], "mlspecVerdict": "ÿ~~?ÿ~~?~?"}});
    let mut envelope: Value = serde_json::from_str(&signed(PAYLOAD_TYPE, payload.to_string().as_bytes())).unwrap();
    let standard = envelope["payload"].as_str().unwrap().to_owned();
    assert!(standard.contains(['+', '/']), "{standard}");
    envelope["payload"] = standard.replace('+', "-").replace('/', "_").trim_end_matches('=').into();
    let opened = open(envelope.to_string().as_bytes(), &key(SEED).verifying_key()).unwrap();
    assert_eq!(opened.verdict(), "ÿ~~?ÿ~~?~?");
    // Both alphabets at once are neither.
    envelope["payload"] = format!("{standard}-_").into();
    assert_eq!(error(&envelope.to_string()), "`payload` of the envelope is not base64");
}

#[test]
fn what_is_no_envelope_is_said_without_quoting_it() {
    let not = "not a DSSE envelope, which is a JSON object with `payload`, `payloadType` and `signatures`";
    let deep = "[".repeat(100_000);
    let cases = [
        ("", "(line 1, column 0)"),
        ("\"hunter2\"", "(line 1, column 9)"),
        ("{\n  \"payload\": \"hunter2\"\n}", "(line 3, column 1)"),
        ("{\"payload\": 1, \"payloadType\": \"hunter2\"}", "(line 1, column 13)"),
        ("{\"payload\": \"\", \"payload\": \"hunter2\"}", "(line 1, column 25)"),
        (&deep, "(line 1, column 1)"),
    ];
    for (envelope, place) in cases {
        assert_eq!(error(envelope), format!("{not} {place}"), "{envelope:.40}");
    }
}

#[test]
fn another_kind_of_statement_is_refused() {
    let statement = |_type: &str, predicate_type: &str, predicate: Value| json!({"_type": _type, "subject": [resource()], "predicateType": predicate_type, "predicate": predicate});
    let predicate = json!({"result": "PASSED", "configuration": [resource()], "mlspecVerdict": {}});
    let with = |field: &str, value: Value| {
        let mut predicate = predicate.clone();
        predicate[field] = value;
        statement(STATEMENT_TYPE, PREDICATE_TYPE, predicate)
    };
    let mut bare = statement(STATEMENT_TYPE, PREDICATE_TYPE, predicate.clone());
    bare["subject"] = json!([]);
    let cases = [
        (
            statement("https://in-toto.io/Statement/v0.1", PREDICATE_TYPE, json!({})),
            "`_type` is \"https://in-toto.io/Statement/v0.1\", expected `https://in-toto.io/Statement/v1`",
        ),
        (
            statement(STATEMENT_TYPE, "https://slsa.dev/provenance/v1", json!({"buildDefinition": {}})),
            "`predicateType` is \"https://slsa.dev/provenance/v1\", expected \
             `https://in-toto.io/attestation/test-result/v0.1`",
        ),
        (bare, "an attestation needs at least one subject: the model that was judged"),
        (
            statement(STATEMENT_TYPE, PREDICATE_TYPE, json!({"result": "PASSED", "configuration": []})),
            "the statement is not an attestation of a gate: missing field `mlspecVerdict`",
        ),
        (
            with("result", json!("MAYBE")),
            "the statement is not an attestation of a gate: unknown variant `MAYBE`, expected one of `PASSED`, \
             `WARNED`, `FAILED`",
        ),
        (
            with("configuration", json!([{"name": "run.yml", "digest": {"sha256": "C0FFEE"}}])),
            "the statement is not an attestation of a gate: the sha256 digest of \"run.yml\" must be 64 hexadecimal \
             digits in lower case",
        ),
        (
            with("configuration", json!([{"name": "run.yml", "digest": {"md5": "c0ffee"}}])),
            "the statement is not an attestation of a gate: missing field `sha256`",
        ),
    ];
    for (statement, message) in cases {
        let error = error(&signed(PAYLOAD_TYPE, statement.to_string().as_bytes()));
        assert_eq!(error.split(" at line ").next(), Some(message));
    }
    assert_eq!(
        error(&signed("application/json", b"{}")),
        "`payloadType` is \"application/json\", expected `application/vnd.in-toto+json`"
    );
    let deep = with("mlspecVerdict", json!("deep"))
        .to_string()
        .replace("\"deep\"", &("[".repeat(100_000) + &"]".repeat(100_000)));
    assert!(error(&signed(PAYLOAD_TYPE, deep.as_bytes())).contains("recursion limit exceeded"));
}

#[test]
fn fields_of_later_versions_are_tolerated() {
    let mut descriptor = resource();
    descriptor["annotations"] = json!({"a": [1]});
    descriptor["digest"]["sha512"] = json!("00");
    let statement = json!({
        "x": 1, "_type": STATEMENT_TYPE, "subject": [descriptor], "predicateType": PREDICATE_TYPE,
        "predicate": {"result": "WARNED", "configuration": [descriptor], "mlspecVerdict": {}, "skippedTests": ["a"]},
    });
    let envelope = signed(PAYLOAD_TYPE, statement.to_string().as_bytes());
    let opened = open(envelope.as_bytes(), &key(SEED).verifying_key()).unwrap();
    assert_eq!(opened.result(), TestResult::Warned);
    assert_eq!(opened.inputs(), opened.subjects());
    assert_eq!(opened.objectives(TestResult::Passed), [""; 0]);
}

#[test]
fn nothing_is_read_before_it_is_verified() {
    for payload in ["no JSON", "{}", &"[".repeat(100_000)] {
        let mut parts = Parts::of(&signed(PAYLOAD_TYPE, payload.as_bytes()));
        parts.signature = vec![0; 64];
        assert!(error(&parts.envelope()).starts_with("no signature of the envelope was made over this content"));
    }
}

#[test]
fn a_key_that_fits_every_signature_opens_nothing() {
    // The neutral element as public key and as half of the signature satisfies RFC 8032's equation for every content.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let key = VerifyingKey::from_pem(&public_pem(neutral)).unwrap();
    let mut parts = Parts::of(&sign(&statement(), &self::key(SEED)).unwrap());
    parts.signature = [neutral, [0; 32]].concat();
    assert_eq!(open(parts.envelope().as_bytes(), &key), Err(AttestError::Unverified { keyid: key.keyid() }));
}

#[test]
fn a_statement_is_about_something_that_can_be_compared() {
    let nothing = Statement::new(Attested { subjects: vec![], ..attested() });
    assert_eq!(nothing, Err(AttestError::NoSubject));
    for digest in ["", "c0ffee", &"C".repeat(64), &"g".repeat(64), &"c".repeat(65), &"é".repeat(32)] {
        let error = AttestedFile::new("model.onnx", digest).unwrap_err();
        let message = "the sha256 digest of \"model.onnx\" must be 64 hexadecimal digits in lower case";
        assert_eq!(error.to_string(), message, "{digest}");
    }
}

#[test]
fn keys_are_read_as_other_tools_write_them() {
    let public = key(SEED).verifying_key();
    // openssl pkey -pubin -outform DER | sha256sum
    assert_eq!(public.keyid(), "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    let pem = public_pem(ed25519_dalek::SigningKey::from_bytes(&SEED).verifying_key().to_bytes());
    assert_eq!(VerifyingKey::from_pem(&pem), Ok(public.clone()));
    for spelling in [format!("# of the gate\n{pem}\n\n"), pem.replace('\n', "\r\n")] {
        assert_eq!(VerifyingKey::from_pem(&spelling), Ok(public.clone()), "{spelling:?}");
    }
    let private = private_pem(SEED);
    for spelling in [format!("# of the gate\n{private}\n\n"), private.replace('\n', "\r\n"), private.trim().to_owned()]
    {
        assert_eq!(SigningKey::from_pem(&spelling).unwrap().verifying_key(), public, "{spelling:?}");
    }
}

#[test]
fn what_is_not_the_key_is_named_and_not_shown() {
    let of = |algorithm: &[u8]| {
        let algorithm = [&[0x30, algorithm.len() as u8 + 2, 0x06, algorithm.len() as u8], algorithm].concat();
        let key = [&[0x02, 0x01, 0x00], algorithm.as_slice(), &[0x04, 34, 0x04, 32], &SEED].concat();
        let bits = [algorithm.as_slice(), &[0x03, 33, 0], &SEED].concat();
        let sequence = |body: &[u8]| [&[0x30, body.len() as u8], body].concat();
        (pem("PRIVATE KEY", &sequence(&key)), pem("PUBLIC KEY", &sequence(&bits)))
    };
    let rsa = of(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
    let ec = of(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
    let x25519 = of(&[0x2b, 0x65, 0x6e]);
    let ed448 = of(&[0x2b, 0x65, 0x71]);
    let unheard = of(&[0x2a, 0x03, 0x04]);
    let (private, public) = (private_pem(SEED), public_pem(SEED));
    let cut = |pem: &str| pem.replacen("MC", "", 1);
    let no_point = public_pem([2; 32]);
    let encrypted = "an encrypted private key (`openssl pkey` decrypts it)";

    let for_private = [
        (public.clone(), "a public key"),
        (rsa.0, "an RSA key"),
        (ec.0, "an EC key"),
        (x25519.0, "an X25519 key, which cannot sign"),
        (ed448.0, "an Ed448 key"),
        (unheard.0, "a key of another algorithm"),
        (pem("RSA PRIVATE KEY", &SEED), "an RSA key"),
        (pem("EC PRIVATE KEY", &SEED), "an EC key"),
        (pem("OPENSSH PRIVATE KEY", &SEED), "a private key of OpenSSH"),
        (pem("ENCRYPTED PRIVATE KEY", &SEED), encrypted),
        (pem("ENCRYPTED SIGSTORE PRIVATE KEY", &SEED), "an encrypted private key of cosign"),
        (pem("CERTIFICATE", &SEED), "a certificate"),
        (pem(&BASE64.encode(&SEED), &SEED), "PEM of another kind"),
        (pem("PRIVATE KEY", &SEED), "damaged or incomplete PEM"),
        (cut(&private), "damaged or incomplete PEM"),
        (private.replace("-----END", "----END"), "damaged or incomplete PEM"),
        (private.clone() + &private, "damaged or incomplete PEM"),
        (BASE64.encode(&SEED), "no PEM (`-----BEGIN …-----`) at all"),
        (String::new(), "no PEM (`-----BEGIN …-----`) at all"),
    ];
    for (text, found) in for_private {
        let error = SigningKey::from_pem(&text).unwrap_err();
        let expected =
            "a private ed25519 key in PEM (`BEGIN PRIVATE KEY`), as `openssl genpkey -algorithm ed25519` writes it";
        assert_eq!(error.to_string(), format!("expected {expected}, but found {found}"));
        assert_shows_nothing_of(&text, &format!("{error} {error:?}"));
    }
    let for_public = [
        (private, "a private key"),
        (rsa.1, "an RSA key"),
        (ec.1, "an EC key"),
        (unheard.1, "a key of another algorithm"),
        (pem("ENCRYPTED PRIVATE KEY", &SEED), encrypted),
        (cut(&public), "damaged or incomplete PEM"),
        (no_point, "damaged or incomplete PEM"),
        (BASE64.encode(&SEED), "no PEM (`-----BEGIN …-----`) at all"),
    ];
    for (text, found) in for_public {
        let error = VerifyingKey::from_pem(&text).unwrap_err();
        let expected = "a public ed25519 key in PEM (`BEGIN PUBLIC KEY`), as `openssl pkey -pubout` writes it";
        assert_eq!(error.to_string(), format!("expected {expected}, but found {found}"));
        assert_shows_nothing_of(&text, &format!("{error} {error:?}"));
    }
}

#[test]
fn debug_output_shows_no_private_key() {
    let key = key(SEED);
    assert_eq!(format!("{key:?}"), "SigningKey { .. }");
    assert_eq!(format!("{:?}", key.verifying_key()), format!("VerifyingKey(\"{}\")", key.verifying_key().keyid()));
    // A private key that is given where the envelope is expected.
    assert_shows_nothing_of(&private_pem(SEED), &error(&private_pem(SEED)));
    assert_shows_nothing_of(&private_pem(SEED), &error(&json!(private_pem(SEED)).to_string()));
}

fn attested() -> Attested {
    let artifact = |name: &str, digit: &str| AttestedFile::new(name, digit.repeat(64)).unwrap();
    let objectives = [
        ("floor", AttestedOutcome::Passed),
        ("drift", AttestedOutcome::Failed),
        ("latency", AttestedOutcome::Warned),
        ("no-data", AttestedOutcome::Unknown),
        ("per-gender", AttestedOutcome::Passed),
    ];
    Attested {
        subjects: vec![artifact("model.onnx", "a")],
        inputs: vec![artifact("objectives.yml", "b"), artifact("run.yml", "c")],
        outcome: AttestedOutcome::Unknown,
        objectives: objectives.map(|(id, outcome)| (id.to_owned(), outcome)).to_vec(),
        url: Some("https://ci.contoso.com/runs/7".into()),
        verdict: json!({"verdict": "unknown", "as_of": "2026-11-21", "counts": {"fail": 1}}),
    }
}

fn statement() -> Statement {
    Statement::new(attested()).unwrap()
}

/// Returns the signed statement, and the key that opens it; they are shared, because signing takes time.
fn attestation() -> &'static (String, VerifyingKey) {
    static ATTESTATION: OnceLock<(String, VerifyingKey)> = OnceLock::new();
    ATTESTATION.get_or_init(|| (sign(&statement(), &key(SEED)).unwrap(), key(SEED).verifying_key()))
}

fn resource() -> Value {
    json!({"name": "model.onnx", "digest": {"sha256": "a".repeat(64)}})
}

fn error(envelope: &str) -> String {
    open(envelope.as_bytes(), &attestation().1).unwrap_err().to_string()
}

fn key(seed: [u8; 32]) -> SigningKey {
    SigningKey::from_pem(&private_pem(seed)).unwrap()
}

/// Returns a private key as `openssl genpkey -algorithm ed25519` writes it.
fn private_pem(seed: [u8; 32]) -> String {
    let prefix = HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
    pem("PRIVATE KEY", &[prefix.as_slice(), &seed].concat())
}

/// Returns a public key as `openssl pkey -pubout` writes it.
fn public_pem(bytes: [u8; 32]) -> String {
    let prefix = HEXLOWER.decode(b"302a300506032b6570032100").unwrap();
    pem("PUBLIC KEY", &[prefix.as_slice(), &bytes].concat())
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Asserts that no eight characters of a key's text are shown, other than those of its markers.
fn assert_shows_nothing_of(key: &str, shown: &str) {
    let secret: String = key.lines().filter(|line| !line.starts_with("---")).collect();
    for window in secret.as_bytes().windows(8) {
        let window = std::str::from_utf8(window).unwrap();
        assert!(!shown.contains(window), "{window} of the key is in: {shown}");
    }
}

/// Returns an envelope of any content, signed according to DSSE.
fn signed(payload_type: &str, payload: &[u8]) -> String {
    let mut signed = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    signed.extend(payload);
    let signature = ed25519_dalek::SigningKey::from_bytes(&SEED).sign(&signed).to_vec();
    Parts { payload: payload.to_vec(), payload_type: payload_type.into(), signature }.envelope()
}

/// An envelope with one signature, decoded.
struct Parts {
    payload: Vec<u8>,
    payload_type: String,
    signature: Vec<u8>,
}

impl Parts {
    fn of(envelope: &str) -> Self {
        let envelope: Value = serde_json::from_str(envelope).unwrap();
        let decode = |value: &Value| BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
        Self {
            payload: decode(&envelope["payload"]),
            payload_type: envelope["payloadType"].as_str().unwrap().to_owned(),
            signature: decode(&envelope["signatures"][0]["sig"]),
        }
    }

    fn envelope(&self) -> String {
        let [payload, signature] = [&self.payload, &self.signature].map(|bytes| BASE64.encode(bytes));
        json!({"payload": payload, "payloadType": self.payload_type, "signatures": [{"sig": signature}]}).to_string()
    }
}
