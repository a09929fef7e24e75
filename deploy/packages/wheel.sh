#!/usr/bin/env bash
# Makes a Python wheel that brings the program: wheel.sh FOLDER. Needs python3 with venv, and Rust.
set -euo pipefail
out=$(mkdir -p "$1" && realpath "$1")
root=$(realpath "$(dirname "$(realpath "$0")")/../..")
tools="$out/maturin"
[ -x "$tools/bin/maturin" ] || { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet 'maturin==1.*'; }
cd "$root/deploy/packages"
"$tools/bin/maturin" build --release --locked --out "$out" --quiet
