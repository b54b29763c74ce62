//! `security/command-installs`

use super::is_command;
use crate::rules::reproducibility::is_pinned;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::text::Words;

declare_rule! {
    /// A command must not install unpinned packages, nor run what it downloads.
    ///
    /// `pip install keras` installs whatever the index serves at that moment: another version than the tests saw, or a package of another
    /// owner. `curl … | sh` hands the machine, its credentials and its data to whoever answers. Both also make the step depend on the
    /// network and on the day it runs.
    ///
    /// The rule recognizes pip, conda and mamba, apt, npm and yarn. It accepts exact versions (`keras==3.1.1`), files with versions or
    /// hashes (`-r requirements.txt`, `-c constraints.txt`), local packages, and variables.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   train: {cmd: pip3 install keras; python train.py}
    ///   report:
    ///     after: [train]
    ///     cmd: |
    ///       curl -sSL https://get.contoso.com/report.sh | sudo bash
    ///       python report.py
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   train:
    ///     cmd: pip install --no-cache-dir keras==3.1.1 && python train.py
    ///   report:
    ///     after: [train]
    ///     cmd: pip install -r requirements.txt && python report.py
    /// ```
    pub COMMAND_INSTALLS = {
        id: "security/command-installs",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "a model package of the Machine Learning eXchange, “pip3 install keras; pip3 install scikit-learn; …”",
        kinds: [Model, Pipeline],
        check: Any(check),
    }
}

/// (words that begin a command, tool that determines how its packages are pinned).
const INSTALLERS: &[(&[&str], Tool)] = &[
    (&["pip", "install"], Tool::Pip),
    (&["pip3", "install"], Tool::Pip),
    (&["conda", "install"], Tool::Conda),
    (&["mamba", "install"], Tool::Conda),
    (&["micromamba", "install"], Tool::Conda),
    (&["apt-get", "install"], Tool::Apt),
    (&["apt", "install"], Tool::Apt),
    (&["npm", "install"], Tool::Npm),
    (&["npm", "i"], Tool::Npm),
    (&["yarn", "add"], Tool::Npm),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Pip,
    Conda,
    Apt,
    Npm,
}

/// Options of any of these tools that take the next word as their value.
const WITH_VALUE: &[&str] = &[
    "--abi",
    "--cache-dir",
    "--channel",
    "--default-timeout",
    "--extra-index-url",
    "--find-links",
    "--index-url",
    "--name",
    "--platform",
    "--prefix",
    "--python-version",
    "--registry",
    "--retries",
    "--root",
    "--src",
    "--target",
    "--target-release",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "-c",
    "-f",
    "-i",
    "-n",
    "-p",
    "-t",
];

/// Options for files that determine the versions: files with pins, constraints or hashes.
const FROM_FILE: &[&str] = &[
    "--constraint",
    "--dry-run",
    "--editable",
    "--file",
    "--freeze-installed",
    "--frozen-lockfile",
    "--require-hashes",
    "--requirement",
    "-e",
    "-r",
];

/// A filter: most documents run none of these.
static PROGRAMS: Words = Words::new(&["install", "npm", "yarn", "curl", "wget"]);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.may_have(&PROGRAMS) {
        return;
    }
    for (node, command) in cx.strings_with(Bytes::SPACE).filter(|(node, _)| is_command(cx, *node)) {
        if let Some(package) = unpinned(command) {
            let message = format!("the command installs '{package}' without pinning its version");
            let help = "name the exact version, or install what is needed into the image";
            out.push(cx.at_value(&COMMAND_INSTALLS, node, message).help(help));
        } else if runs_download(command) {
            let help = "download it into the image, check its digest, and run the file";
            let message = "the command runs what it downloads without checking it";
            out.push(cx.at_value(&COMMAND_INSTALLS, node, message).help(help));
        }
    }
}

/// Returns the first package that is installed without an exact version.
fn unpinned(command: &str) -> Option<&str> {
    command.split([';', '&', '|', '\n', '(', ')']).find_map(|simple| {
        let words: Vec<&str> = simple.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        INSTALLERS.iter().find_map(|(begin, tool)| {
            let at = words.windows(2).position(|pair| pair == *begin)?;
            first_unpinned(words.get(at + 2..)?, *tool)
        })
    })
}

fn first_unpinned<'a>(arguments: &[&'a str], tool: Tool) -> Option<&'a str> {
    // For conda and mamba, `-c` is a channel; for pip, it is a file of constraints.
    let is_from_file = |word: &&&str| {
        FROM_FILE.contains(&word.split('=').next().unwrap_or(word)) || (tool == Tool::Pip && **word == "-c")
    };
    if arguments.iter().any(|word| is_from_file(&word)) {
        return None;
    }
    let mut is_value = false;
    for word in arguments {
        let was_value = std::mem::replace(&mut is_value, WITH_VALUE.contains(word));
        if !was_value && !word.starts_with('-') && !is_exact(word, tool) {
            return Some(word);
        }
        // The rest is not for the installer.
        if word.starts_with(['>', '<', '#']) {
            return None;
        }
    }
    None
}

/// Whether a word names one version of a package, or something other than a package of an index.
fn is_exact(word: &str, tool: Tool) -> bool {
    let is_place = word.starts_with(['.', '/', '~', '$', '{', '<', '>', '%', '#', '\\'])
        || word.contains("://")
        || word.contains("${")
        || [".whl", ".tar.gz", ".tgz", ".zip", ".deb"].iter().any(|end| word.ends_with(end));
    is_place
        || match tool {
            Tool::Pip => is_pinned(word),
            Tool::Conda => word.contains('=') && !word.contains(['>', '<', '*', '~', '!']),
            Tool::Apt => word.contains('='),
            Tool::Npm => match word.get(1..).and_then(|rest| rest.rsplit_once('@')) {
                Some((_, version)) => {
                    version.starts_with(|c: char| c.is_ascii_digit()) && version.matches('.').count() >= 2
                }
                None => false,
            },
        }
}

/// Whether a command runs a download: `curl … | sh`, `bash <(curl …)`, `sh -c "$(wget …)"`.
fn runs_download(command: &str) -> bool {
    const SHELLS: &[&str] = &["sh", "bash", "zsh", "dash", "python", "python3", "perl"];
    let is_shell = |word: &str| {
        let program = word.trim_matches(['"', '\'']);
        SHELLS.contains(&program.rsplit('/').next().unwrap_or(program))
    };
    let fetches = |part: &str| {
        part.split_whitespace()
            .any(|word| matches!(word.trim_matches(['"', '\'', '(', '$', '<', '`']), "curl" | "wget"))
    };
    command.split([';', '\n']).any(|line| {
        let mut parts = line.split('|').peekable();
        let mut fetched = false;
        let piped = parts.any(|part| {
            let mut words = part.split_whitespace().filter(|word| *word != "sudo" && !word.contains('='));
            let runs = fetched && words.next().is_some_and(is_shell);
            fetched |= fetches(part);
            runs
        });
        let substituted = ["<(curl", "<(wget", "$(curl", "$(wget", "`curl", "`wget"].iter().any(|open| {
            line.split_once(open).is_some_and(|(before, _)| {
                before.split_whitespace().any(|word| is_shell(word) || word == "eval" || word == "source")
            })
        });
        piped || substituted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_packages_need_a_version() {
        for (command, package) in [
            ("pip3 install keras; pip3 install scikit-learn", "keras"),
            ("pip install keras==3.1.1 && pip install numpy", "numpy"),
            ("python -m pip install -U --quiet 'torch>=2.0'", "torch>=2.0"),
            ("pip install --index-url https://pypi.contoso.com/simple keras", "keras"),
            ("pip install keras==3.*", "keras==3.*"),
            ("sudo apt-get install -y libgomp1", "libgomp1"),
            ("conda install -c conda-forge lightgbm", "lightgbm"),
            ("npm install -g mlflow-ui@latest", "mlflow-ui@latest"),
            ("npm i @contoso/cards", "@contoso/cards"),
        ] {
            assert_eq!(unpinned(command), Some(package), "{command}");
        }
        for command in [
            "pip install keras==3.1.1 numpy===2.0.0",
            "pip install 'keras[tf]==3.1.1' --hash=sha256:00",
            "pip install -r requirements.txt",
            "pip install --require-hashes --requirement=requirements.txt",
            "pip install -c constraints.txt keras",
            "pip install . && python train.py",
            "pip install ./credit-2.1.0-py3-none-any.whl",
            "pip install $PACKAGES",
            "pip install git+https://github.com/contoso/credit.git@v1",
            "pip install",
            "pip install keras==3.1.1 > log.txt",
            "conda install -c conda-forge lightgbm=4.5.0",
            "apt-get update && apt-get install -y libgomp1=14.2.0-4",
            "npm ci && npm install cards@1.2.3 @contoso/cards@1.2.3",
            "python install.py",
            "make install model",
        ] {
            assert_eq!(unpinned(command), None, "{command}");
        }
    }

    #[test]
    fn downloads_that_are_run() {
        for command in [
            "curl -sSL https://get.contoso.com | sh",
            "wget -qO- https://get.contoso.com | sudo bash -s -- -y",
            "curl https://get.contoso.com | tee log | /bin/bash",
            "bash <(curl -s https://get.contoso.com)",
            "sh -c \"$(curl -fsSL https://get.contoso.com)\"",
        ] {
            assert!(runs_download(command), "{command}");
        }
        for command in [
            "curl -O https://data.contoso.com/loans.csv",
            "curl https://data.contoso.com/loans.csv | gzip > loans.gz",
            "curl -O https://a.b/c; python train.py | tee log",
            "cat run.sh | sh",
            "python curl.py",
        ] {
            assert!(!runs_download(command), "{command}");
        }
    }
}
