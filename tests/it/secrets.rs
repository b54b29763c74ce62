//! No credential of a document is shown in any report: detected by the name of its field or by its shape, in a value, a command, a comment,
//! a key, or a document that is not even YAML.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use mlspec_lint::report::Format;

/// Returns meaningless letters and digits. Tokens are assembled here, so that no file contains what scanners would mistake for one.
fn noise(length: usize) -> String {
    "Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0Sg".chars().cycle().take(length).collect()
}

/// A text that must not be shown, and whether a rule must report it.
struct Case {
    /// A line of the mapping below `x-notes`, in which `{}` stands for the credential.
    line: &'static str,
    secret: String,
    rule: Option<&'static str>,
}

fn cases() -> Vec<Case> {
    let secret = Some("security/plaintext-secret");
    let url = Some("security/secret-in-url");
    let case = |line, secret: String, rule| Case { line, secret, rule };
    let prefixed = |prefix: &str, length| format!("{prefix}{}", noise(length));
    vec![
        case("aws: {}", format!("AK{}", prefixed("IA", 16).to_uppercase()), secret),
        case("google: '{}'", prefixed("AIza", 35), secret),
        case("github: \"{}\"", prefixed("ghp_", 36), secret),
        case("gitlab: [a, {}, b]", prefixed("glpat-", 20), secret),
        case("slack: {{a: {}}}", prefixed("xoxb-", 40), secret),
        case("hub: >-\n    one\n    {}\n    two", prefixed("hf_", 34), secret),
        case("command: HF_TOKEN={} python train.py", noise(24), secret),
        case("cmd: python train.py --api-key {} --epochs 3", noise(24), secret),
        case("jwt: {}", format!("eyJ{}.eyJ{}.{}", noise(90), noise(200), noise(43)), secret),
        case("header: 'Authorization: Bearer {}'", noise(40), secret),
        case("escaped: \"{}\"", prefixed("gh\\x70_", 36), secret),
        case("password: {}", "tulip anvil rose".to_owned(), secret),
        case("dbPassword: 'it''s {}'", "quoted-anvil".to_owned(), secret),
        case("secret_access_key: {}", noise(40), secret),
        case("env: [{name: LAKE_PASSWORD, value: {}}]", "violet-anvil".to_owned(), secret),
        case("warehouse: Server=db;User Id=app;Password={};Encrypt=true", "dahlia-anvil".to_owned(), secret),
        case("blob: AccountName=lake;AccountKey={}", format!("{}==", noise(60)), secret),
        case("lake: s3://reader:{}@lake.contoso.com/loans", "orchid-anvil".to_owned(), url),
        case("oracle: 'jdbc:oracle:thin:reader/{}@db.contoso.com:1521:loans'", "peony-anvil".to_owned(), url),
        case("login: {user: reader, pass: {}}", "aster-anvil".to_owned(), secret),
        case("kaggle: {username: ann, key: {}}", "0b5e7c91".repeat(4), secret),
        case("complex: {{password: {}}: 1}", "erica-anvil".to_owned(), secret),
        case("listed: [{username: ann, key: {}}]", "5e7c910b".repeat(4), secret),
        case("shared: 'https://lake.contoso.com/a?sv=2024-05-04&sig={}'", noise(43), url),
        case("viewer: https://lake.contoso.com/a?access_token={}", noise(43), url),
        case("json: \"https:\\/\\/reader:{}@lake.contoso.com\"", "lotus-anvil".to_owned(), url),
        case("{}: 1", prefixed("npm_", 36), secret),
        case("a: 1 # token: {}", noise(30), None),
        case("a2: 1\n  # {}", prefixed("github_pat_", 60), secret),
        case("token: &token {}", noise(31), secret),
        case(
            "key: |\n    -----BEGIN RSA PRIVATE KEY-----\n    {}\n    -----END RSA PRIVATE KEY-----",
            noise(64),
            secret,
        ),
    ]
}

const HEAD: &str = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: train it\nx-notes:\n";

/// Returns a document with each credential between faults, so that the lines around them are shown, and fixes change lines near them.
fn document() -> String {
    let mut text = HEAD.to_owned();
    for (index, Case { line, secret, .. }) in cases().into_iter().enumerate() {
        text += &format!("  {}\n  unused{index}: &anchor{index} 1\n", line.replacen("{}", &secret, 1));
    }
    text + "steps: {a: {cmd: 'true'}}\n"
}

/// Returns the credentials as they would be shown: without the escapes of a case.
fn needles() -> Vec<String> {
    let unescaped = |secret: String| secret.replace("\\x70", "p");
    cases().into_iter().flat_map(|case| [case.secret.clone(), unescaped(case.secret)]).collect()
}

fn output(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "a.yml", "--isolated"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn assert_silent(output: &str, what: &str) {
    for needle in needles() {
        // Not even a part of it may be shown: messages are cut, and lines are wrapped.
        let part = &needle[..needle.len().min(20)];
        assert!(!output.contains(part), "{what} shows {part}:\n{output}");
    }
}

fn folder(text: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yml"), text).unwrap();
    folder
}

#[test]
fn no_format_shows_a_credential() {
    use clap::ValueEnum;
    let folder = folder(&document());
    for format in Format::value_variants() {
        let name = format.to_possible_value().unwrap().get_name().to_owned();
        let output = output(folder.path(), &["--format", &name]);
        assert!(output.contains("plaintext"), "{name} reports: {output}");
        assert_silent(&output, &name);
    }
}

#[test]
fn no_difference_fix_or_baseline_shows_a_credential() {
    let folder = folder(&document());
    for arguments in [&["--diff"] as &[&str], &["--diff", "--unsafe-fixes"]] {
        let output = output(folder.path(), arguments);
        assert!(output.contains("-  unused0: &anchor0 1\n+  unused0: 1\n"), "{output}");
        assert_silent(&output, "a difference");
    }
    assert_silent(&output(folder.path(), &["--write-baseline", "known.json"]), "writing a baseline");
    assert_silent(&fs::read_to_string(folder.path().join("known.json")).unwrap(), "a baseline");
    let output = output(folder.path(), &["--fix", "--unsafe-fixes"]);
    assert!(output.contains("Fixed"), "{output}");
    assert_silent(&output, "a fix");
    // The fixed document still contains all credentials.
    let fixed = fs::read_to_string(folder.path().join("a.yml")).unwrap();
    assert!(cases().iter().all(|case| fixed.contains(&case.secret)), "{fixed}");
}

#[test]
fn each_credential_is_reported_once() {
    let text = document();
    let report = mlspec_lint::analysis::lint_text("a.yml", &text, &mlspec_lint::analysis::Options::default());
    let found: Vec<&str> =
        report.findings.iter().map(|finding| finding.rule.id).filter(|id| id.starts_with("security/")).collect();
    let expected: Vec<&str> = cases().into_iter().filter_map(|case| case.rule).collect();
    assert_eq!(found, expected, "{:#?}", report.findings);
}

#[test]
fn text_that_is_not_yaml_shows_no_credential_either() {
    let broken = format!("{}x-more: 'not closed\n", document());
    for text in [broken, format!("{HEAD}  - [\n{}", document()), format!("\t{}", document())] {
        let folder = folder(&text);
        for format in ["human", "json", "sarif"] {
            let output = output(folder.path(), &["--format", format]);
            assert!(output.contains("not valid YAML"), "{output}");
            assert_silent(&output, "a syntax error");
        }
        assert_silent(&output(folder.path(), &["--diff"]), "the difference of a repair");
    }
}

/// Values of a wrong type, an unknown kind, a placeholder: their messages quote values, and cut them.
#[test]
fn messages_that_quote_a_value_mask_what_is_in_it() {
    let token = format!("ghp_{}", noise(36));
    for line in [
        format!("name: a {token} b"),
        format!("kind: {token}"),
        format!("stage: {token}"),
        format!("id: {}-{token}", "long".repeat(12)),
        format!("id: {} {token}", "long".repeat(12)),
        format!("status: https://a:{}@b", noise(30)),
        format!("{token}: 1"),
        format!("'name {token}': 1\n'name {token}': 2"),
    ] {
        let folder = folder(&format!("mlSpecVersion: 0.1.0\n{line}\nsteps: {{}}\npipeline: []\n"));
        let output = output(folder.path(), &["--format", "json"]);
        assert!(output.contains("\"rule\""), "{output}");
        for length in [10, 20, 30] {
            assert!(!output.contains(&noise(length)), "{line}: {output}");
        }
    }
}

/// The lines of a document, and the rules of this family that must report something in it. Precision matters as much as recall.
#[test]
fn credentials_are_told_from_what_only_looks_like_one() {
    let lines: &[(&str, &[&str])] = &[
        ("x-a: {password: 4711, max_tokens: 4711, token: 4711}", &["plaintext-secret"]),
        ("x-a: &a tulip-7-anvil\nx-b: {password: *a}", &["plaintext-secret"]),
        ("x-a: {password: &a tulip-7-anvil}\nx-b: {passwd: *a}", &["plaintext-secret"]),
        (
            "x-a: [{password: tulip-7-anvil}, {\"password\": \"rose-7-anvil\"}]",
            &["plaintext-secret", "plaintext-secret"],
        ),
        ("tags: [{key: api_token, value: 9f3c1a77d0b24e58}]", &["plaintext-secret"]),
        ("x-a: {user: admin, password: admin}", &["default-credentials"]),
        ("x-a: {access_key: minioadmin, secret_key: minioadmin}", &["default-credentials"]),
        ("x-a: postgres://postgres:postgres@db.contoso.com/loans", &["default-credentials"]),
        ("x-a: Server=db;Uid=sa;Pwd=sa", &["default-credentials"]),
        ("x-connection_string: amqp://app:tulip-7-anvil@mq.contoso.com", &["secret-in-url"]),
        ("x-a: {connection_string: Server=db;Integrated Security=true}", &[]),
        ("x-a: {user: app, pass: tulip-7}\nx-b: {Username: app, PW: rose}", &["plaintext-secret", "plaintext-secret"]),
        ("x-a: {user: app, pass: '${PASS}'}\nx-b: {pass: first-7, pw: 0.5, of: 3}\nx-c: {user: app, pass: ''}", &[]),
        ("x-a: {username: ann, key: 0b5e7c910b5e7c910b5e7c910b5e7c91}", &["plaintext-secret"]),
        ("x-a: {username: ann, key: ann-laptop-2026}\nx-b: {key: 0b5e7c910b5e7c910b5e7c910b5e7c91}", &[]),
        ("x-a: 'jdbc:oracle:thin:app/tulip-7@db.contoso.com:1521:loans'", &["secret-in-url"]),
        ("x-a: {password: changeme, token: your-token-here, secret: ~, api_key: ''}", &[]),
        ("x-a: {password: <password>, token: $TOKEN, secret: 'env:APP_SECRET', api_key: xxxxxxxxxx}", &[]),
        ("x-a: {passwordRef: lake-7, token: REGISTRY_TOKEN, client_secret: secretRef}", &[]),
        (
            "x-a: {token_url: 'https://login.contoso.com/2026/token', tokenizer: bert-base-2026, pad_token: '[PAD2026]'}",
            &[],
        ),
        ("x-a: {secret: {name: lake-credentials-2026, key: AccessKey2026}}", &[]),
        ("x-a: {key: Q7m2Zr9Xk4Tb8Wn5, primary_key: Q7m2Zr9Xk4Tb8Wn5}", &[]),
        ("x-a: 'see https://docs.contoso.com/@team/page?tokens=4&q=a=b and mail a@b.c'", &[]),
        ("x-a: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", &[]),
        ("# password: tulip-7-anvil", &[]),
    ];
    for (lines, expected) in lines {
        let head = "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";
        let report = mlspec_lint::analysis::lint_text(
            "a.yml",
            &format!("{head}{lines}\n"),
            &mlspec_lint::analysis::Options::default(),
        );
        let found: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.family() == "security")
            .map(|finding| finding.rule.name())
            .collect();
        assert_eq!(found, *expected, "{lines}: {:#?}", report.findings);
    }
}
