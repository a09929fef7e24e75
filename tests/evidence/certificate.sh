#!/usr/bin/env bash
# Has certificates verified by others: securesystemslib and in-toto-attestation of PyPI, in a folder that is removed again.
# Usage: tests/evidence/certificate.sh [PROGRAM]   Needs Python with venv and pip; without them it is skipped.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" 2>/dev/null || ! "$work/venv/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "skipped: there is no Python with venv and pip on this machine; certificates are not verified by others" >&2
  exit 0
fi
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  securesystemslib==1.6.0 cryptography==50.0.2 in-toto-attestation==0.9.3 protobuf==7.36.2

cd "$work"
"$program" run --fault issue-cache-header-missing >/dev/null # conformant, with a warning
for algorithm in ed25519 ecdsa-p256; do
  "$program" certify --new-key "$algorithm" --algorithm "$algorithm" >/dev/null
  "$program" certify --key "$algorithm" --by "somebody" >/dev/null
  "$work/venv/bin/python" "$here/certificate.py" reports "$algorithm.pub"
done
