//! The governance report: what it says is what the gate, the coverage and the check say, and the page says what the JSON says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_fs::TempDir;
use serde_json::Value;

use crate::lineage::run;
use crate::support::{candidate, models};

/// Returns the report as JSON, which the published schema describes.
pub fn report(folder: &Path, arguments: &[&str]) -> Value {
    let all: Vec<&str> = ["report", "--format", "json"].iter().chain(arguments).copied().collect();
    let (out, err, code) = run(folder, &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let validator = jsonschema::validator_for(&mlspec_lint::governance::governance_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{out}");
    report
}

/// Returns the report as a page.
pub fn page(folder: &Path, arguments: &[&str]) -> String {
    let all: Vec<&str> = ["report"].iter().chain(arguments).copied().collect();
    let (out, err, code) = run(folder, &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    out
}

/// Writes the documents of many models into a new folder.
pub fn many(count: usize) -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &models::models(count));
    folder
}

fn write(folder: &Path, files: &[(String, String)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Returns the folders of examples that hold objectives.
fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join("mlspec-lint.toml").is_file());
    found.sort();
    assert!(found.len() > 3, "{found:?}");
    found
}

#[test]
fn verdicts_are_those_of_the_gate() {
    let many = many(26);
    // What says how the data was made is checked as the evidence is.
    let overlapping = candidate::folder();
    let split = "mlSpecVersion: 0.2.0\nkind: split\nid: 0f5c7a31-5a52-4b3a-9d0e-6c6d1f2aa001\nname: churn-split\n\
                 source: churn-validation@1.0.0\nmethod: predefined\nsets:\n  training: {numExamples: 9000}\n  \
                 holdback: {dataset: churn-holdback@1.0.0}\noverlap: [{between: [training, holdback], count: 5800}]\n";
    fs::write(overlapping.path().join("split.yml"), split).unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for folder in examples().iter().map(PathBuf::as_path).chain([many.path(), overlapping.path()]) {
        let report = report(folder, &["."]);
        for judgement in array(&report["models"]).iter().flat_map(|model| array(&model["judgements"])) {
            let (out, err, _) = run(folder, &["gate", text(&judgement["path"]), "--format", "json"]);
            let said = match judgement["verdict"].as_object() {
                Some(_) => {
                    let verdict: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{judgement:#}\n{err}"));
                    assert_eq!(judgement["verdict"], verdict, "{}", folder.display());
                    text(&verdict["verdict"]).to_owned()
                }
                None => {
                    assert_eq!(out, "", "the gate judges, and the report does not: {judgement:#}");
                    "not judged".to_owned()
                }
            };
            *seen.entry(said).or_default() += 1;
        }
    }
    for verdict in ["pass", "warn", "fail", "not judged"] {
        assert!(seen.contains_key(verdict), "{seen:?}");
    }
}

#[test]
fn steps_are_those_of_coverage_and_findings_those_of_check() {
    for folder in examples() {
        let report = report(&folder, &["."]);
        let (out, ..) = run(&folder, &["coverage", "--format", "json"]);
        let coverage: Value = serde_json::from_str(&out).unwrap();
        let steps = |model: &Value, files: &str| -> Vec<Vec<String>> {
            let paths = |step: &Value| array(&step[files]).iter().map(|own| text(&own["path"]).to_owned()).collect();
            array(&model["steps"]).iter().map(paths).collect()
        };
        let of_report: Vec<_> =
            array(&report["models"]).iter().map(|own| (own["name"].clone(), steps(own, "files"))).collect();
        let of_coverage: Vec<_> =
            array(&coverage["subjects"]).iter().map(|own| (own["name"].clone(), steps(own, "documents"))).collect();
        assert_eq!(of_report, of_coverage, "{}", folder.display());
        let (out, ..) = run(&folder, &["check", "--format", "json"]);
        let check: Value = serde_json::from_str(&out).unwrap();
        let found = |report: &Value| -> Vec<(Value, Value)> {
            array(&report["findings"]).iter().map(|own| (own["rule"].clone(), own["message"].clone())).collect()
        };
        assert_eq!(found(&report), found(&check), "{}", folder.display());
        for severity in ["errors", "warnings", "infos", "suppressed"] {
            assert_eq!(report["summary"][severity], check["summary"][severity], "{}", folder.display());
        }
    }
}

/// Returns the numbers of a part of the page, in their order.
fn figures<'p>(page: &'p str, from: &str, to: &str) -> Vec<&'p str> {
    let start = page.find(from).unwrap_or_else(|| panic!("there is no {from}"));
    let end = page[start..].find(to).map_or(page.len(), |end| start + end);
    let part = &page[start..end];
    part.match_indices("<data value=\"")
        .map(|(at, mark)| {
            let rest = &part[at + mark.len()..];
            &rest[..rest.find('"').unwrap()]
        })
        .collect()
}

/// Returns the numbers of a claim, as the page shows it by itself.
fn of_claim(claim: &Value, is_in_slices: bool) -> Vec<String> {
    let interval = &claim["interval"];
    let bounds = [&claim["threshold"], &claim["upper_threshold"]];
    let shown: Vec<&Value> = match is_in_slices {
        true => vec![&claim["value"], &interval["lower"], &interval["upper"]],
        false => [&claim["value"], &interval["lower"], &interval["upper"]]
            .into_iter()
            .chain(bounds)
            .chain([&claim["margin"], &claim["count"]])
            .collect(),
    };
    shown.into_iter().filter(|value| !value.is_null()).map(plain).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the numbers of an objective, in the order of the page.
fn of_objective(objective: &Value) -> Vec<String> {
    let mut numbers: Vec<String> = array(&objective["left_out"]).iter().map(|own| plain(&own["count"])).collect();
    for part in ["expect", "aim"] {
        let claims: Vec<&Value> = array(&objective["claims"]).iter().filter(|own| own["part"] == part).collect();
        for group in claims.chunk_by(|a, b| a["text"] == b["text"]) {
            match group {
                [only] => numbers.extend(of_claim(only, false)),
                several => {
                    numbers.push(several.len().to_string());
                    let bounds = [&several[0]["threshold"], &several[0]["upper_threshold"]];
                    let has_bound = !several[0]["comparison"].is_null();
                    numbers.extend(bounds.into_iter().filter(|own| has_bound && !own.is_null()).map(plain));
                    numbers.extend(several.iter().flat_map(|own| of_claim(own, true)));
                }
            }
        }
    }
    numbers
}

#[test]
fn every_figure_of_the_page_is_that_of_the_json() {
    let many = many(14);
    let candidate = candidate::folder();
    for folder in examples().iter().map(PathBuf::as_path).chain([many.path(), candidate.path()]) {
        let (json, page) = (report(folder, &["."]), page(folder, &["."]));
        let all = &json["summary"];
        let number = |name: &str| all[name].as_u64().unwrap();
        let mut expected = vec![number("models").to_string()];
        let verdicts =
            ["fail", "unknown", "not_judged", "warn", "pass"].map(|name| all["verdicts"][name].as_u64().unwrap());
        let not_zero = |numbers: &[u64]| numbers.iter().filter(|own| **own > 0).map(u64::to_string).collect::<Vec<_>>();
        expected.extend(not_zero(&verdicts));
        expected
            .extend(["documented", "steps", "waivers_ending", "waivers_ended"].map(|name| number(name).to_string()));
        let severities = ["errors", "warnings", "infos"].map(number);
        expected.push(severities.iter().sum::<u64>().to_string());
        expected.extend(not_zero(&severities));
        assert_eq!(figures(&page, "<dl class=\"tiles\">", "</dl>"), expected, "{}", folder.display());
        for (at, model) in array(&json["models"]).iter().enumerate() {
            let start = format!("<section class=\"model\" id=\"model-{}\"", at + 1);
            let part = &page[page.find(&start).unwrap()..];
            let part = &part[..part.find("</section>").unwrap()];
            let word = text(&model["verdict"]).replace('-', " ");
            assert!(part[..2000.min(part.len())].contains(&format!("<span>{word}</span>")), "{word}: {part}");
            let judgements = array(&model["judgements"]).iter().filter_map(|own| own["verdict"].as_object());
            let objectives = judgements.flat_map(|verdict| array(&verdict["objectives"]));
            let expected: Vec<String> = objectives.flat_map(of_objective).collect();
            let shown: Vec<&str> = part
                .match_indices("<ul class=\"objectives\">")
                .flat_map(|(at, mark)| figures(&part[at..], mark, "</ul>"))
                .collect();
            assert_eq!(shown, expected, "{} {}", folder.display(), model["name"]);
            if model["series"] != serde_json::json!([]) {
                let of_series = array(&model["series"]).iter().flat_map(|own| {
                    let points = array(&own["points"]);
                    let newest = plain(&points.last().unwrap()["value"]);
                    [newest].into_iter().chain((points.len() > 1).then(|| points.len().to_string()))
                });
                assert_eq!(figures(part, "<table class=\"stack series\">", "</table>"), of_series.collect::<Vec<_>>());
            }
            let of_slices = array(&model["slices"]).iter().flat_map(|own| {
                let values = array(&own["slices"]).iter().flat_map(|own| {
                    let interval = [&own["lower"], &own["upper"]].into_iter().filter(|_| !own["upper"].is_null());
                    [&own["value"]].into_iter().chain(interval).chain([&own["count"]])
                });
                [&own["whole"]].into_iter().chain(values).filter(|own| !own.is_null()).map(plain).collect::<Vec<_>>()
            });
            let shown: Vec<&str> = part
                .match_indices("<div class=\"card\"><table class=\"slices\">")
                .flat_map(|(at, mark)| figures(&part[at..], mark, "</table>"))
                .collect();
            assert_eq!(shown, of_slices.collect::<Vec<_>>(), "{} {}", folder.display(), model["name"]);
        }
        for input in array(&json["inputs"]) {
            assert!(page.contains(text(&input["sha256"])), "{input}");
        }
        for finding in array(&json["findings"]) {
            assert!(page.contains(&format!("href=\"{}\"", text(&finding["url"]))), "{finding}");
        }
    }
}

#[test]
fn two_runs_give_the_same_bytes_wherever_they_are_written_to() {
    let folder = many(20);
    for format in ["html", "json"] {
        let (first, ..) = run(folder.path(), &["report", "--format", format]);
        let (second, err, code) = run(folder.path(), &["report", "--format", format, "-o", "out.txt"]);
        assert_eq!((code, second.as_str(), err.as_str()), (0, "", ""));
        assert_eq!(fs::read_to_string(folder.path().join("out.txt")).unwrap(), first);
        let (third, ..) = run(folder.path(), &["report", "--format", format]);
        assert_eq!(third, first, "the report of the first run is none of the documents");
    }
}

#[test]
fn three_hundred_models_fit_in_ten_megabytes() {
    let folder = many(300);
    let page = page(folder.path(), &["."]);
    assert!(page.len() < 10_000_000, "{} bytes", page.len());
    assert_eq!(page.matches("<section class=\"model\"").count(), 300);
    let json = report(folder.path(), &["."]);
    assert_eq!(json["summary"]["models"], 300);
    let verdicts = &json["summary"]["verdicts"];
    assert!(
        ["pass", "warn", "fail", "not_judged"].iter().all(|name| verdicts[*name].as_u64().unwrap() > 10),
        "{verdicts}"
    );
}

#[test]
fn waivers_are_counted_from_the_day_that_is_asked_about() {
    let folder = candidate::folder();
    let objectives = folder.path().join("objectives.yml");
    let waiver =
        "waivers:\n  - {objective: floor, until: 2026-05-20, by: risk@contoso.com, reason: the review is under way}\n";
    fs::write(&objectives, fs::read_to_string(&objectives).unwrap() + waiver).unwrap();
    candidate::replace(
        folder.path(),
        "objectives.yml",
        "expect: recall >= 80% on holdback",
        "expect: recall >= 95% on holdback",
    );
    let at = |arguments: &[&str]| {
        let report = report(folder.path(), arguments);
        let waiver = &report["models"][0]["waivers"][0];
        let model = &report["models"][0];
        (
            plain(&report["as_of"]),
            plain(&model["verdict"]),
            waiver["days_left"].as_i64().unwrap(),
            waiver["is_used"].as_bool().unwrap(),
            report["summary"]["waivers_ending"].as_u64().unwrap(),
            report["summary"]["waivers_ended"].as_u64().unwrap(),
        )
    };
    let own = |day: &str, verdict: &str, left, is_used, ending, ended| {
        (day.to_owned(), verdict.to_owned(), left, is_used, ending, ended)
    };
    assert_eq!(at(&["."]), own("2026-05-05", "warn", 15, true, 1, 0));
    assert_eq!(at(&[".", "--as-of", "2026-05-20"]), own("2026-05-20", "warn", 0, true, 1, 0));
    assert_eq!(at(&[".", "--as-of", "2026-05-21"]), own("2026-05-21", "fail", -1, false, 0, 1));
}

#[test]
fn an_earlier_report_shows_what_has_changed() {
    let folder = many(7);
    let (out, ..) = run(folder.path(), &["report", "--format", "json", "-o", "earlier.json"]);
    assert_eq!(out, "");
    let same = report(folder.path(), &[".", "--baseline", "earlier.json"]);
    assert_eq!(
        (&same["trend"]["models"], &same["trend"]["new_findings"]),
        (&serde_json::json!([]), &serde_json::json!(0))
    );
    let test = folder.path().join("models/model-000/test.yml");
    fs::write(&test, fs::read_to_string(&test).unwrap().replace("value: 0.83", "value: 0.71")).unwrap();
    fs::remove_file(folder.path().join("models/model-001/evaluation.yml")).unwrap();
    fs::remove_file(folder.path().join("models/model-001/test.yml")).unwrap();
    let changed = report(folder.path(), &[".", "--baseline", "earlier.json"]);
    let models = array(&changed["trend"]["models"]);
    let of =
        |at: usize| (plain(&models[at]["name"]), plain(&models[at]["verdict_before"]), plain(&models[at]["verdict"]));
    assert_eq!(models.len(), 2, "{models:#?}");
    assert_eq!(of(0).0, "model-000");
    assert_eq!((of(0).2.as_str(), of(1).2.as_str()), ("fail", "not-judged"));
    assert_eq!(models[1]["documented_before"].as_u64().unwrap() - 2, models[1]["documented"].as_u64().unwrap());
    assert!(page(folder.path(), &[".", "--baseline", "earlier.json"]).contains("Since the earlier report"));
    fs::write(folder.path().join("other.json"), "{\"version\": 1}").unwrap();
    let (_, err, code) = run(folder.path(), &["report", "--baseline", "other.json"]);
    assert!(code == 2 && err.contains("--baseline other.json is not a report"), "{err}");
}

#[test]
fn approvals_are_those_of_the_model_its_objectives_and_its_rollouts() {
    let approvals = |folder: &Path| -> Vec<[String; 3]> {
        let report = report(folder, &["."]);
        let all = array(&report["models"]).iter().flat_map(|model| array(&model["approvals"]));
        all.map(|own| ["kind", "by", "date"].map(|name| text(&own[name]).to_owned())).collect()
    };
    let deployed = approvals(&crate::lineage::example());
    assert!(deployed.len() > 1 && deployed.iter().all(|[kind, ..]| kind == "rollout"), "{deployed:?}");
    let page = page(&crate::lineage::example(), &["."]);
    let (_, part) = page.split_once("<h3>Approvals</h3>").unwrap();
    assert!(deployed.iter().flatten().all(|said| part.contains(said.as_str())), "{deployed:?}");
    let folder = candidate::folder();
    let file = folder.path().join("objectives.yml");
    let approved = "approvals:\n- {by: lee@example.com, approvedOn: 2026-08-02}\n- {by: kim@example.com, approvedOn: 2026-08-01}\n";
    let newer = fs::read_to_string(&file).unwrap().replace("mlSpecVersion: 0.1.0", "mlSpecVersion: 0.2.0");
    fs::write(&file, newer + approved).unwrap();
    let by = |by: &str, date: &str| ["objectives", by, date].map(str::to_owned);
    assert_eq!(approvals(folder.path()), [by("kim@example.com", "2026-08-01"), by("lee@example.com", "2026-08-02")]);
}

#[test]
fn a_page_links_to_files_where_it_is_told_that_they_are() {
    let folder = candidate::folder();
    fs::rename(folder.path().join("test.yml"), folder.path().join("a test #1%.yml")).unwrap();
    let links = |page: &str| -> Vec<String> {
        let hrefs = page.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned());
        hrefs.filter(|href| !href.starts_with('#') && !href.contains("/rules/")).collect()
    };
    assert_eq!(links(&page(folder.path(), &["."])), [""; 0]);
    let linked = links(&page(folder.path(), &[".", "--link-base", "https://git.example.com/ml/blob/main/"]));
    assert!(linked.contains(&"https://git.example.com/ml/blob/main/a%20test%20%231%25.yml".to_owned()), "{linked:?}");
    assert!(linked.iter().all(|href| href.starts_with("https://git.example.com/ml/blob/main/")), "{linked:?}");
    let (out, err, code) = run(folder.path(), &["report", ".", "--link-base", "javascript:alert(1)"]);
    assert!(code == 2 && out.is_empty() && err.contains("--link-base"), "{err}");
}

#[test]
fn markdown_says_which_models_are_blocked_and_why() {
    let folder = many(14);
    let arguments = &[".", "--as-of", "2026-06-01"];
    let all: Vec<&str> = ["report", "--format", "markdown"].iter().chain(arguments).copied().collect();
    let (out, err, code) = run(folder.path(), &all);
    assert_eq!((code, err.as_str()), (0, ""));
    let report = report(folder.path(), arguments);
    let rows: Vec<Vec<&str>> = out
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| model |"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let models = array(&report["models"]);
    assert_eq!(rows.len(), models.len(), "{out}");
    for (row, model) in rows.iter().zip(models) {
        let verdict = text(&model["verdict"]).replace('-', " ");
        let steps = format!("{} of {}", model["documented"], array(&model["steps"]).len());
        assert!(row[1].ends_with(&verdict) && row[2] == steps, "{row:?} {model:#}");
    }
    let blocked = out.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(blocked, array(&report["summary"]["blocked"]).len().min(31), "{out}");
    candidate::replace(folder.path(), text(&models[0]["files"][0]), text(&models[0]["name"]), "'<img src=x>|*a*'");
    let (out, ..) = run(folder.path(), &all);
    assert!(!out.contains("<img") && !out.contains("|*a"), "{out}");
}

#[test]
fn one_model_can_be_asked_for() {
    let folder = many(3);
    let one = report(folder.path(), &["--model", "Model-001"]);
    assert_eq!(array(&one["models"]).iter().map(|own| text(&own["name"])).collect::<Vec<_>>(), ["model-001"]);
    let (_, err, code) = run(folder.path(), &["report", "--model", "model-9"]);
    assert!(code == 2 && err.contains("there is no model 'model-9' here"), "{err}");
    let (_, err, code) = run(folder.path(), &["report", "-o", "models/model-001/test.yml"]);
    assert!(code == 2 && err.contains("is an input"), "{err}");
    let (_, err, code) = run(folder.path(), &["report", "-"]);
    assert!(code == 2 && err.contains("standard input"), "{err}");
}

#[test]
fn nothing_to_report_is_said() {
    let folder = TempDir::new().unwrap();
    let (out, _, code) = run(folder.path(), &["report"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("There is no model and there are no objectives here."));
}

/// The elements of a page.
const ELEMENTS: &str = "a body br caption circle code data dd desc details div dl dt em fieldset figcaption figure footer g h1 h2 h3 head \
     header html input label legend li line main meta nav ol p path polyline pre rect section span strong style summary svg table tbody \
     td text th thead time title tr ul";

#[test]
fn a_hostile_document_stays_text() {
    let folder = candidate::folder();
    let hostile = "</title></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>\\\" ' & ::error:: ##[group]x \\u202Egnp.exe";
    for file in ["objectives.yml", "test.yml", "evaluation.yml", "production.yml", "holdback.yml"] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            lines.push(match line.split_once(": ") {
                Some((key @ ("name" | "owner" | "    why"), _)) => format!("{key}: \"{hostile} {file}\""),
                _ => line.replace("basic", "\"<b>basic\"").replace("plus", "\"</text><plus\""),
            });
        }
        fs::write(&path, lines.join("\n") + &format!("\ndescription: \"{hostile}\"\n")).unwrap();
    }
    let page = page(folder.path(), &["."]);
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    let known: Vec<&str> = ELEMENTS.split_whitespace().collect();
    let style = page.find("</style>").unwrap();
    for (at, _) in page.match_indices('<') {
        let name: String =
            page[at + 1..].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(at < style || known.contains(&name.as_str()), "{}", &page[at..(at + 80).min(page.len())]);
    }
    assert_eq!((page.matches("</title>").count() > 1, page.matches("</style>").count()), (true, 1));
    assert!(!page.contains('\u{202e}') && page.contains("\\u{202e}"));
    assert!(!page.lines().any(|line| line.trim_start().starts_with("::")) && !page.contains("##[group]"));
}
