//! The tables that tests compare with are the results of an independent implementation.

use std::path::Path;
use std::process::Command;

#[test]
fn intervals_are_computed_in_another_way_to_the_same_digits() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references");
    let found = Command::new("python3").args(["intervals.py", "--check", "intervals.tsv"]).current_dir(folder).output();
    let Ok(output) = found else {
        assert!(std::env::var_os("CI").is_none(), "python3 is not installed");
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("0 differ"),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
