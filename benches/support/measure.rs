//! Measures whole processes relative to each other.
//!
//! The duration of a run depends on the machine and its load, so no absolute times are reported: the contestants run in turn, round by
//! round, and the result is the ratio to the first of them in the same round.

#![allow(dead_code, reason = "each program uses its part")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The cost of one run, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: f64,
    /// User and system time of the process, its threads and its children.
    pub cpu: f64,
}

/// One or more commands that are measured, one after the other.
pub struct Contestant {
    pub name: String,
    pub commands: Vec<Vec<String>>,
}

impl Contestant {
    /// Returns a contestant of a single command.
    pub fn new(name: &str, command: &[&str]) -> Self {
        Self { name: name.to_owned(), commands: vec![command.iter().map(|&word| word.to_owned()).collect()] }
    }

    /// Runs it once. Output is discarded, and so are exit codes, which depend on the findings.
    pub fn run(&self) -> Cost {
        let commands: Vec<_> =
            self.commands.iter().map(|command| format!("{} >/dev/null 2>&1;", quoted(command))).collect();
        // The shell reports the processor time of children in milliseconds.
        let script = format!("TIMEFORMAT='%R %U %S'; time {{ {} }}", commands.join(" "));
        let output = Command::new("bash").args(["-c", &script]).output().expect("bash runs");
        let text = String::from_utf8_lossy(&output.stderr).replace(',', ".");
        let times: Vec<f64> = text.split_whitespace().filter_map(|time| time.parse().ok()).collect();
        let [wall, user, system] = times[..] else { panic!("{}: {text}", self.name) };
        Cost { wall, cpu: user + system }
    }
}

fn quoted(command: &[String]) -> String {
    let words: Vec<_> = command.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
    words.join(" ")
}

/// Runs all contestants once to warm up and then in turn; returns the costs of each of them in each round.
pub fn rounds(contestants: &[Contestant], rounds: usize) -> Vec<Vec<Cost>> {
    for contestant in contestants {
        contestant.run();
    }
    let mut costs = vec![Vec::new(); contestants.len()];
    for _ in 0..rounds {
        for (contestant, costs) in contestants.iter().zip(&mut costs) {
            costs.push(contestant.run());
        }
    }
    costs
}

/// Returns the median, least and greatest of the ratios of `costs` to `base`, round by round.
pub fn ratio(costs: &[Cost], base: &[Cost], part: fn(&Cost) -> f64) -> (f64, f64, f64) {
    let mut ratios: Vec<f64> = costs.iter().zip(base).map(|(cost, base)| part(cost) / part(base)).collect();
    ratios.sort_by(f64::total_cmp);
    (median(&ratios), ratios[0], ratios[ratios.len() - 1])
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// Returns a table of the contestants, each as a multiple of the first.
pub fn table(contestants: &[Contestant], costs: &[Vec<Cost>]) -> String {
    let mut text = format!("{:44} {:^22} {:^22}\n", "", "CPU time", "wall time");
    for (contestant, own) in contestants.iter().zip(costs) {
        let cell = |part| {
            let (median, least, most) = ratio(own, &costs[0], part);
            format!("{median:6.2} ({least:.2} … {most:.2})")
        };
        let (cpu, wall) = (cell(|cost| cost.cpu), cell(|cost| cost.wall));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:44} {cpu:<22} {wall:<22}", contestant.name);
    }
    text
}

/// Returns the peak memory of a process, in MB; `None` if the system does not report it.
pub fn peak_memory(command: &[&str]) -> Option<f64> {
    let (program, arguments) = command.split_first()?;
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        // The value only grows, so the last reading is the best one.
        let kilobytes = fs::read_to_string(Path::new(&status)).ok().and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.trim().trim_end_matches(" kB").parse::<f64>().ok()
        });
        peak = kilobytes.map(|kilobytes| kilobytes * 1024.0 / 1e6).or(peak);
        std::thread::sleep(Duration::from_micros(500));
    }
    peak
}

/// Returns the median of the wall times of many runs of a short command, in milliseconds.
pub fn start_to_exit(command: &[&str], runs: usize) -> f64 {
    let (program, arguments) = command.split_first().expect("a command has a program");
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let run = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
            run.expect("the command runs");
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    median(&times)
}
