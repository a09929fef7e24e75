#!/usr/bin/env bash
# Checks the reports for Cucumber with Cucumber's published message schema and HTML formatter.
# Usage: tests/evidence/cucumber.sh [PROGRAM]   Needs node and npm; installs packages into a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v npm >/dev/null; then
  echo "skipped: this machine has no npm" >&2
  exit 0
fi

echo '{ "private": true }' >"$work/package.json"
npm install --prefix "$work" --silent --no-audit --no-fund \
  @cucumber/messages@32.3.1 @cucumber/html-formatter@24.2.0 @cucumber/cucumber-json-converter@0.0.3 ajv@8.20.0

# Runs the program, checks its exit code and the reports.
check() {
  local expected=$1 name=$2 code=0
  shift 2
  (cd "$work" && "$program" run --reports "$name" "$@" >/dev/null) || code=$?
  if [ "$code" != "$expected" ]; then
    echo "$name: the run ended with $code instead of $expected" >&2
    exit 1
  fi
  printf '%s: ' "$name"
  node "$here/cucumber.mjs" "$work/$name" "$work"
}

check 0 passing
check 0 warning --fault issue-cache-header-missing
check 1 failing --fault expiry-access-twice --fault one-time-reusable
