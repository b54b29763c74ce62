//! Names of logs of servers, which are turned over: `access.log`, `access.log.1`, `access_log-20260901.gz`.

/// Returns whether a name, without what says how it is compressed, is one of a log of a server.
#[must_use]
pub fn is_log_name(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    // A number or a day, as they are turned over.
    let stem = file.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
    let is_turned =
        stem.len() < file.len() && file.get(stem.len()..).is_some_and(|end| end.starts_with(['.', '-', '_']));
    let stem = if is_turned { stem } else { file.as_str() };
    stem.strip_suffix(".log").or_else(|| stem.strip_suffix("_log")).is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_known_by_their_names_after_they_were_turned_over_too() {
        for name in
            ["access.log", "a/b/ACCESS.LOG", "access.log.1", "access_log", "access_log-20260901", "u_ex260901.log"]
        {
            assert!(is_log_name(name), "{name}");
        }
        for name in ["log", ".log", "access.logs", "catalog", "access.log.yml", "a.jsonl", "changelog.md", ""] {
            assert!(!is_log_name(name), "{name}");
        }
    }
}
