#!/usr/bin/env bash
# What the action does: installs the wheel if a version is given, checks, and writes annotations, the summary of the job, and SARIF.
# Inputs come as variables and are never part of a command, so that no path and no argument is executed. The working folder is what is
# checked, such as the branch of a stranger: nothing in it is executed either.
set -euo pipefail

output() { printf '%s\n' "$@" >>"$GITHUB_OUTPUT"; }

# In a command to the runner, these characters have an escape.
fail() {
  local text="${1//'%'/%25}"
  text="${text//$'\r'/%0D}"
  printf '::error title=mlspec-lint::%s\n' "${text//$'\n'/%0A}"
  output exit-code=2 sarif-file=
  exit 2
}

# The lines of a text as an array; empty ones are none.
lines() { local line; while IFS= read -r line; do line="${line%$'\r'}"; [ -n "$line" ] && list+=("$line"); done <<<"$1"; return 0; }

list=() && lines "${INPUT_ARGS:-}" && arguments=(${list[@]+"${list[@]}"})
list=() && lines "${INPUT_PATHS:-.}" && paths=(${list[@]+"${list[@]}"})
sarif="${INPUT_SARIF:-}"

for argument in ${arguments[@]+"${arguments[@]}"}; do
  case "$argument" in
    --help | --version | --show-settings | --write-baseline | --write-baseline=*)
      fail "args: with ${argument%%=*} nothing is judged, and the step would pass whatever is in the files: run it in a step of its own" ;;
  esac
  # Single letters can stand together, as in -qh; what follows -o and -j is their value.
  if [[ "$argument" =~ ^-[a-zA-Z]*$ && "${argument%%[oj]*}" == *[hV]* ]]; then
    fail "args: with $argument nothing is judged, and the step would pass whatever is in the files"
  fi
  if [[ "$argument" =~ ^(--[a-z-]+|-[a-zA-Z])[[:space:]] ]]; then
    fail "args: '$argument' is an option and its value on one line: one per line, or with = between them"
  fi
done
[[ "$sarif" != *[[:cntrl:]]* ]] || fail "sarif must be one path, without line breaks"
[ -z "${INPUT_CHECKSUM:-}" ] || [ -n "${INPUT_VERSION:-}" ] || fail "checksum is that of the wheel of a version: give 'version', too"

# Of this use alone: what an earlier one left is not its own.
place="$(mktemp -d "$RUNNER_TEMP/mlspec-lint-XXXXXX")"

program=mlspec-lint
if [ -n "${INPUT_VERSION:-}" ]; then
  [[ "$INPUT_VERSION" =~ ^[0-9]+\.[0-9]+\.[0-9]+([a-z0-9.]*)?$ ]] || fail "version must be exact, such as 0.1.0"
  requirement="mlspec-lint==$INPUT_VERSION" options=(--quiet --disable-pip-version-check --no-deps --only-binary :all:)
  if [ -n "${INPUT_CHECKSUM:-}" ]; then
    list=() && lines "$INPUT_CHECKSUM"
    for checksum in ${list[@]+"${list[@]}"}; do
      [[ "$checksum" =~ ^[0-9a-f]{64}$ ]] || fail "checksum must be 64 hexadecimal digits, one per line"
      requirement+=" --hash=sha256:$checksum"
    done
    options+=(--require-hashes)
  else
    printf '::notice title=mlspec-lint::%s\n' "What the index has as mlspec-lint $INPUT_VERSION is installed: 'checksum' pins it"
  fi
  printf '%s\n' "$requirement" >"$place/requirements.txt"
  # Python looks for modules, and pip for settings, in the working folder and where variables say: here, neither is of the checkout.
  (
    cd "$place" && python3 -I -m venv env || exit
    python=env/bin/python
    [ -e "$python" ] || python=env/Scripts/python.exe
    "$python" -I -m pip install "${options[@]}" -r requirements.txt
  ) || fail "mlspec-lint $INPUT_VERSION could not be installed"
  program="$place/env/bin/mlspec-lint"
  [ -e "$program" ] || program="$place/env/Scripts/mlspec-lint.exe"
elif ! command -v mlspec-lint >/dev/null; then
  fail "there is no mlspec-lint: give 'version', or install it in a step before"
fi

summary="$place/summary.txt"
outputs=(--format=github --format=concise --output="$summary")
[ -z "$sarif" ] || outputs+=(--format=sarif --output="$sarif")
: >"$place/started"

code=0
"$program" check "${outputs[@]}" ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || code=$?

# Whatever the reason: without a summary there was no check.
[ "$code" -gt 1 ] || [ -f "$summary" ] || fail "nothing was checked, although mlspec-lint ended with exit code $code: look at 'args'"

# A report of this run, and not a file that was there before.
if [ -n "$sarif" ] && [ "$code" -le 1 ] && [ -f "$sarif" ] && [ ! "$sarif" -ot "$place/started" ]; then
  output "exit-code=$code" "sarif-file=$sarif"
else
  output "exit-code=$code" sarif-file=
fi
if [ -f "$summary" ]; then
  {
    printf '### mlspec-lint\n\n<pre>\n'
    # A job's summary has a limit. What documents say is shown, and formats nothing.
    head -n 200 "$summary" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
    printf '</pre>\n'
  } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
