//! A progress bar on stderr: only on a terminal, and only if the run takes longer than a second.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The time after which the bar appears.
const DELAY: Duration = Duration::from_secs(1);

/// A progress bar over files.
pub(super) struct Progress {
    files: u64,
    started: Instant,
    is_terminal: bool,
    bar: OnceLock<ProgressBar>,
    done: std::sync::atomic::AtomicU64,
}

impl Progress {
    /// Creates a bar for this many files, not drawn yet.
    pub fn new(files: usize) -> Self {
        Self {
            files: files as u64,
            started: Instant::now(),
            is_terminal: std::io::stderr().is_terminal(),
            bar: OnceLock::new(),
            done: std::sync::atomic::AtomicU64::new(0),
        }
    }

    /// Counts one more file as done.
    pub fn step(&self) {
        let done = self.done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if self.is_terminal && self.started.elapsed() > DELAY {
            self.bar.get_or_init(|| bar(self.files)).set_position(done);
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(files: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("checking {bar:30} {pos}/{len} files") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
