//! A progress bar on stderr: only on a terminal, and only if the run takes longer than a second.

use std::io::IsTerminal;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text::visible;

/// The time after which the bar appears.
const DELAY: Duration = Duration::from_secs(1);

/// A progress bar over files.
pub(super) struct Progress {
    files: u64,
    started: Instant,
    is_terminal: bool,
    bar: OnceLock<ProgressBar>,
    done: std::sync::atomic::AtomicU64,
    log: Mutex<Option<LogProgress>>,
}

/// How far a log is.
struct LogProgress {
    name: String,
    size: u64,
    bar: Option<ProgressBar>,
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
            log: Mutex::new(None),
        }
    }

    /// Counts one more file as done.
    pub fn step(&self) {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(bar) = log.and_then(|log| log.bar) {
            bar.finish_and_clear();
        }
        let done = self.done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if self.is_terminal && self.started.elapsed() > DELAY {
            self.bar.get_or_init(|| bar(self.files)).set_position(done);
        }
    }

    /// Begins a log of this many bytes, as they are stored. It gets a bar of its own, with its rate and the time that is left.
    pub fn begin(&self, name: &str, size: u64) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        *log = self.is_terminal.then(|| LogProgress { name: visible(name).into_owned(), size, bar: None });
    }

    /// Shows that so many bytes of the log are done.
    pub fn read(&self, done: u64) {
        if !self.is_terminal || self.started.elapsed() <= DELAY {
            return;
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = log.as_mut() {
            log.bar.get_or_insert_with(|| log_bar(&log.name, log.size)).set_position(done);
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

fn log_bar(name: &str, size: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr()).with_message(name.to_owned());
    let template = "checking {msg} {bar:20} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
