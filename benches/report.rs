//! Writes the governance report of a workspace of 300 models, and of the example, as a page.
//!
//! ```text
//! cargo bench --features jemalloc --bench report
//! ```
//!
//! The targets: at most two seconds and ten megabytes for 300 models.

#[path = "support/measure.rs"]
mod measure;
#[path = "support/models.rs"]
mod models;

use std::fs;
use std::path::Path;

use measure::start_to_exit;

const OURS: &str = env!("CARGO_BIN_EXE_mlspec-lint");
const COUNT: usize = 300;

fn main() {
    // `cargo test` runs benchmarks without this flag, to check that they compile.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in models::models(COUNT) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-default");
    for (what, documents) in [("300 models", folder.path()), ("the example", example.as_path())] {
        let page = folder.path().join("report.html");
        let (documents, output) = (documents.to_string_lossy(), page.to_string_lossy());
        let seconds = start_to_exit(&[OURS, "report", &documents, "-o", &output], 5);
        let bytes = fs::metadata(&page).expect("it was written").len();
        println!("{what}: {seconds:.3} s, {:.2} MB", f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6);
    }
}
