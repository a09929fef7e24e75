#!/usr/bin/env bash
# Checks junit.xml against the schema of Jenkins' xunit plugin, which pytest's source archive contains.
# Usage: tests/evidence/junit.sh [PROGRAM]   Needs python3 with pip; installs packages into a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" 2>/dev/null; then
  echo "skipped: this machine has no python3 with venv and pip" >&2
  exit 0
fi
pip() { "$work/venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install xmlschema==4.3.2
pip download --no-deps --no-binary :all: --dest "$work" pytest==8.4.2
tar -xzf "$work"/pytest-8.4.2.tar.gz -C "$work" --strip-components 3 pytest-8.4.2/testing/example_scripts/junit-10.xsd

# Runs the program, checks its exit code and the report.
check() {
  local expected=$1 name=$2 code=0
  shift 2
  (cd "$work" && "$program" run --reports "$name" --format junit "$@" >/dev/null) || code=$?
  if [ "$code" != "$expected" ]; then
    echo "$name: the run ended with $code instead of $expected" >&2
    exit 1
  fi
  "$work/venv/bin/xmlschema-validate" --schema "$work/junit-10.xsd" "$work/$name/junit.xml"
}

check 0 passing
check 0 warning --fault issue-cache-header-missing
check 1 failing --fault expiry-access-twice --fault one-time-reusable

# The check must be able to fail.
sed 's/<testcase /<testcase line="1" /' "$work/failing/junit.xml" >"$work/wrong.xml"
if "$work/venv/bin/xmlschema-validate" --schema "$work/junit-10.xsd" "$work/wrong.xml" >/dev/null 2>&1; then
  echo "the check accepts an attribute that the schema does not define" >&2
  exit 1
fi
