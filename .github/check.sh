#!/usr/bin/env bash
# What the action does: installs the wheel if a version is given, checks, and writes annotations, the summary of the job, and SARIF.
# Inputs come as variables and are never part of a command, so that no path and no argument is executed.
set -euo pipefail

fail() { printf '::error title=mlspec-lint::%s\n' "$1"; exit 2; }

# The lines of a text as an array; empty ones are none.
lines() { local line; while IFS= read -r line; do line="${line%$'\r'}"; [ -n "$line" ] && list+=("$line"); done <<<"$1"; return 0; }

program=mlspec-lint
if [ -n "${INPUT_VERSION:-}" ]; then
  [[ "$INPUT_VERSION" =~ ^[0-9]+\.[0-9]+\.[0-9]+([a-z0-9.]*)?$ ]] || fail "version must be exact, such as 0.1.0"
  place="$RUNNER_TEMP/mlspec-lint-$INPUT_VERSION"
  python3 -m venv "$place"
  bin="$place/bin"
  [ -d "$bin" ] || bin="$place/Scripts"
  requirement="mlspec-lint==$INPUT_VERSION" options=(--quiet --disable-pip-version-check --no-deps --only-binary :all:)
  if [ -n "${INPUT_CHECKSUM:-}" ]; then
    [[ "$INPUT_CHECKSUM" =~ ^[0-9a-f]{64}$ ]] || fail "checksum must be 64 hexadecimal digits"
    requirement+=" --hash=sha256:$INPUT_CHECKSUM" options+=(--require-hashes)
  fi
  printf '%s\n' "$requirement" >"$place/requirements.txt"
  "$bin/pip" install "${options[@]}" -r "$place/requirements.txt" || fail "mlspec-lint $INPUT_VERSION could not be installed"
  program="$bin/mlspec-lint"
elif ! command -v mlspec-lint >/dev/null; then
  fail "there is no mlspec-lint: give 'version', or install it in a step before"
fi

summary="$RUNNER_TEMP/mlspec-lint-summary.txt"
list=() && lines "${INPUT_ARGS:-}" && arguments=(${list[@]+"${list[@]}"})
list=() && lines "${INPUT_PATHS:-.}" && paths=(${list[@]+"${list[@]}"})
outputs=(--format github --format concise --output "$summary")
[ -z "${INPUT_SARIF:-}" ] || outputs+=(--format sarif --output "$INPUT_SARIF")

code=0
"$program" check "${outputs[@]}" ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || code=$?

{
  printf 'exit-code=%s\n' "$code"
  if [ -n "${INPUT_SARIF:-}" ] && [ -f "$INPUT_SARIF" ]; then printf 'sarif-file=%s\n' "${INPUT_SARIF//$'\n'/}"; else printf 'sarif-file=\n'; fi
} >>"$GITHUB_OUTPUT"
if [ -f "$summary" ]; then
  {
    printf '### mlspec-lint\n\n<pre>\n'
    # A job's summary has a limit. What documents say is shown, and formats nothing.
    head -n 200 "$summary" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
    printf '</pre>\n'
  } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
