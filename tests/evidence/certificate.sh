#!/usr/bin/env bash
# Verifies certificates with securesystemslib and in-toto-attestation from PyPI, installed into a temporary folder.
# Usage: tests/evidence/certificate.sh [PROGRAM]   Needs Python with venv and pip; skipped without them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" 2>/dev/null || ! "$work/venv/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "skipped: this machine has no Python with venv and pip, so no other implementation verifies certificates" >&2
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
