use proptest::prelude::*;

use super::*;
use crate::records::Recogniser;

const DIGEST: &str = "sha256:6f2b1d0c9e8a7f5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b";

/// Returns the record of a line, and for each field the text at its place.
fn written(format: &LineFormat, line: &str) -> Result<(String, Vec<(String, String)>), LineMismatch> {
    let mut writer = JsonWriter::default();
    let own = writer.write(format, line)?;
    serde_json::from_str::<serde_json::Value>(&own.json).unwrap();
    let places =
        own.fields.iter().map(|(json, place)| (own.json[json.range()].to_owned(), line[place.range()].to_owned()));
    Ok((own.json.clone(), places.collect()))
}

fn places(format: &str, line: &str) -> Vec<(String, String)> {
    written(&LineFormat::compile(format).unwrap(), line).unwrap().1
}

fn pair(json: &str, place: &str) -> (String, String) {
    (json.to_owned(), place.to_owned())
}

#[test]
fn a_combined_line_is_a_record_with_places() {
    let line = r#"10.0.0.7 - frank [10/Oct/2000:13:55:36 -0700] "POST /v1/predict?x=\"1\" HTTP/1.0" 200 2326 "https://a.example/\"b\"" "Mozilla (x)""#;
    let own = places("combined", line);
    assert_eq!(
        own,
        [
            pair(r#""applicationEndpoint":"/v1/predict?x=\"1\"""#, r#"/v1/predict?x=\"1\""#),
            pair(r#""requestTimestamp":"2000-10-10T20:55:36Z""#, "10/Oct/2000:13:55:36 -0700"),
            pair(r#""resultCode":200"#, "200"),
            pair(r#""resultSizeInBytes":2326"#, "2326"),
            pair(r#""userId":"frank""#, "frank"),
        ]
    );
    let format = LineFormat::compile("combined").unwrap();
    assert_eq!(format.lacks(), [LineField::RequestId, LineField::ModelId, LineField::ApplicationId]);
    assert!(LineFormat::compile("mlspec").unwrap().lacks().is_empty());
}

#[test]
fn what_is_not_known_is_absent_unless_a_record_needs_it() {
    let line =
        r#"10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "GET / HTTP/1.1" 204 - "-" "-" "-" "-" "-" 900 "-" "-" "-""#;
    let (json, own) = written(&LineFormat::compile("mlspec").unwrap(), line).unwrap();
    assert!(own.contains(&pair("\"requestId\":null", "-")), "{own:?}");
    assert!(own.contains(&pair("\"requestLatencyMs\":0.9", "900")), "{own:?}");
    assert!(!json.contains("userId") && !json.contains("modelId") && !json.contains("Digest"), "{json}");
}

/// What no line of a format carries is told of the format: its lines must be certain all the same.
#[test]
fn lines_of_formats_that_lack_fields_are_certain() {
    for (format, line) in [
        ("common", r#"10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "POST /v1/predict HTTP/1.1" 200 512"#),
        ("%D %>s", "1234 200"),
    ] {
        let format = LineFormat::compile(format).unwrap();
        let (json, _) = written(&format, line).unwrap();
        assert!(Recogniser::default().recognise(&json).is_some(), "{json}");
    }
    let line = format!(
        r#"10.0.0.7 - u-17 [01/Sep/2026:08:00:00 +0000] "POST /v1/predict HTTP/1.1" 200 512 "-" "curl/8" "req-1" "portal" "credit/1" 4200 "{DIGEST}" "{DIGEST}" "{DIGEST}""#
    );
    let (json, _) = written(&LineFormat::compile("mlspec").unwrap(), &line).unwrap();
    assert!(Recogniser::default().recognise(&json).is_some(), "{json}");
}

#[test]
fn formats_of_apache_are_those_of_its_configuration() {
    let format = r#"%a %{X-Request-Id}i %400,501{User-agent}i "%!200,304{Referer}i" %{%Y-%m-%d %H:%M:%S %z}t %T/%D %<s %U%q %{MODEL_ID}e 100%%"#;
    let line = r#"10.0.0.7 r-1 - "-" 2026-09-01 10:00:00 +0200 0/2500 500 /predict?a=1 m/2 100%"#;
    assert_eq!(
        places(format, line),
        [
            pair("\"applicationEndpoint\":\"/predict?a=1\"", "/predict?a=1"),
            pair("\"requestId\":\"r-1\"", "r-1"),
            pair("\"requestTimestamp\":\"2026-09-01T08:00:00Z\"", "2026-09-01 10:00:00 +0200"),
            pair("\"requestLatencyMs\":2.5", "2500"),
            pair("\"modelId\":\"m/2\"", "m/2"),
            pair("\"resultCode\":500", "500"),
        ]
    );
    // As it stands between quotes in the configuration.
    assert_eq!(LineFormat::compile(r#"%h \"%r\" %b"#), LineFormat::compile("%h \"%r\" %b"));
}

#[test]
fn formats_of_nginx_are_those_of_its_configuration() {
    let format = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent rt=$request_time uct=$upstream_response_time "$request_id" "$upstream_http_x_model_id" $http_x_application_id"#;
    let line = r#"10.0.0.7 - jo [01/Sep/2026:08:00:00 +0000] "POST /p HTTP/2.0" 200 17 rt=0.012 uct=0.010, 0.001 "r-1" "m\x2F1" portal"#;
    assert_eq!(
        places(format, line),
        [
            pair("\"applicationId\":\"portal\"", "portal"),
            pair("\"applicationEndpoint\":\"/p\"", "/p"),
            pair("\"requestId\":\"r-1\"", "r-1"),
            pair("\"requestTimestamp\":\"2026-09-01T08:00:00Z\"", "01/Sep/2026:08:00:00 +0000"),
            pair("\"requestLatencyMs\":12", "0.012"),
            pair("\"inferenceLatencyMs\":11", "0.010, 0.001"),
            pair("\"modelId\":\"m/1\"", r"m\x2F1"),
            pair("\"resultCode\":200", "200"),
            pair("\"resultSizeInBytes\":17", "17"),
            pair("\"userId\":\"jo\"", "jo"),
        ]
    );
    // Without quotes, blanks between the servers are those of the value.
    let own = places("$upstream_response_time $status", "0.010, 0.002 : 0.001 200");
    assert_eq!(own[0], pair("\"inferenceLatencyMs\":13", "0.010, 0.002 : 0.001"));
    assert_eq!(places("${msec}x $pid", "1756713600.250x 7")[0].1, "1756713600.250");
}

#[test]
fn the_fields_of_the_w3c_format_are_those_of_its_directive() {
    let format =
        LineFormat::of_w3c("date time cs-uri-stem sc-status time-taken cs(X-Request-Id) x-model-id sc-bytes", false);
    let line = "2026-09-01\t08:00:00 /p 200 0.25 \"r \"\"1\"\"\"  m/1 -";
    assert_eq!(
        written(&format, line).unwrap().1,
        [
            pair("\"applicationEndpoint\":\"/p\"", "/p"),
            pair("\"requestId\":\"r \\\"1\\\"\"", "r \"\"1\"\""),
            pair("\"requestTimestamp\":\"2026-09-01T08:00:00Z\"", "2026-09-01\t08:00:00"),
            pair("\"requestLatencyMs\":250", "0.25"),
            pair("\"modelId\":\"m/1\"", "m/1"),
            pair("\"resultCode\":200", "200"),
        ]
    );
    let iis = LineFormat::of_w3c("time-taken", true);
    assert_eq!(written(&iis, "15").unwrap().1, [pair("\"requestLatencyMs\":15", "15")]);
    for (line, at) in [("a b", 3), ("a b c d e f g h i", 16), ("a b \"c", 4)] {
        assert_eq!(written(&format, line).unwrap_err().at, at, "{line}");
    }
}

#[test]
fn the_place_is_where_a_line_leaves_its_format() {
    let format = LineFormat::compile("common").unwrap();
    let whole = r#"10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 512"#;
    assert!(written(&format, whole).is_ok());
    for (line, at, reason) in [
        (&whole[..50], 50, "expected '\"' behind the value of %r"),
        ("10.0.0.7", 8, "expected ' ' behind the value of %h"),
        (&whole.replace('[', "("), 12, "expected ' [' behind the value of %u"),
        (&format!("{whole} \"-\""), 66, "the value of %b has no blanks"),
        (&whole.replace(" 512", " "), 63, "expected the value of %b"),
    ] {
        let mismatch = written(&format, line).unwrap_err();
        assert_eq!((mismatch.at, mismatch.reason.as_str()), (at, reason), "{line}");
    }
}

#[test]
fn what_is_no_format_is_refused() {
    for (format, error) in [
        (
            "",
            "it has no directive; write one as Apache's LogFormat or nginx's log_format has it, or one of the names common, combined and mlspec",
        ),
        ("%h %Y", "unknown directive '%Y'"),
        ("%h %{Referer", "'%{Referer' does not end"),
        ("%h%u", "nothing stands between '%h' and '%u', so that their values cannot be told apart"),
        (
            "$status$request",
            "nothing stands between '$status' and '$request', so that their values cannot be told apart",
        ),
        ("%h\n%u", "a record is one line, and the format has a line break"),
        ("%h %", "'%' does not end"),
        ("%{X-Id}", "'%{X-Id}' does not end"),
    ] {
        assert_eq!(LineFormat::compile(format).unwrap_err().to_string(), error, "{format}");
    }
}

#[test]
fn lines_tell_their_format() {
    let common = r#"10.0.0.7 - - [01/Sep/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 512"#;
    let combined = format!(r#"{common} "-" "curl""#);
    let named = |name: &str| Some(LineKind::Format(LineFormat::compile(name).unwrap()));
    for (text, kind) in [
        (format!("{common}\n"), named("common")),
        (format!("\u{0}\u{1}\n{combined}\n{combined}\n{common}\n"), named("combined")),
        ("#Software: x\n#Fields: date time\n".to_owned(), Some(LineKind::W3c)),
        ("# a comment\nkind: run\n".to_owned(), None),
        ("{\"a\": 1}\n{\"b\": 2}\n".to_owned(), Some(LineKind::Json)),
        ("2026-09-01 08:00:00 INFO started\n".to_owned(), None),
        ("a - - [b] \"c\" 1 2\n".to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(kind_of_lines(text.as_bytes()), kind, "{text:?}");
    }
}

proptest! {
    /// Whatever a line holds, its record is JSON, and its fields stand within it.
    #[test]
    fn no_line_is_too_odd(line in r#"[ -~é"\[\]\\]{0,80}|10\.0\.0\.7 - [^ ]{1,5} \[.{0,28}\] ".{0,20}" [0-9]{3} [0-9-]{1,5}"#) {
        for format in ["common", "mlspec", "$request_time", "%U", "\"%r\" %D"] {
            let format = LineFormat::compile(format).unwrap();
            match written(&format, &line) {
                Ok((_, places)) => prop_assert!(places.iter().all(|(_, place)| line.contains(place))),
                Err(mismatch) => prop_assert!(mismatch.at <= line.len() && line.is_char_boundary(mismatch.at)),
            }
        }
        let _ = written(&LineFormat::of_w3c("date time cs-uri", false), &line);
    }

    /// A value that is escaped as a server does it is read as it was.
    #[test]
    fn values_come_back(user in "[a-z]{1,8}", address in "/[!-~]{0,20}", agent in "[ -~]{0,20}") {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let line = format!(r#"::1 - {user} [01/Sep/2026:08:00:00 +0000] "GET {} HTTP/1.1" 200 1 "-" "{}""#, escaped(&address), escaped(&agent));
        let (json, _) = written(&LineFormat::compile("combined").unwrap(), &line).unwrap();
        let record: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(record["applicationInfo"]["applicationEndpoint"].as_str(), Some(address.as_str()));
        prop_assert_eq!(record["userId"].as_str(), Some(user.as_str()));
    }
}
