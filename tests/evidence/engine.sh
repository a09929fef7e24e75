#!/usr/bin/env bash
# Judges a server on public token libraries (tests/engine) behind gunicorn, and compares what is held against it with the reviewed
# list of its deviations: none more, none less, and nothing inconclusive.
# Usage: tests/evidence/engine.sh [PROGRAM]   Needs python3 with pip; installs packages into a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
engine=$(realpath "$here/../engine")
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" 2>/dev/null; then
  echo "skipped: this machine has no python3 with venv and pip" >&2
  exit 0
fi
"$work/venv/bin/python" -m pip --quiet --disable-pip-version-check install -r "$engine/requirements.txt"

export FIRST_PASSWORD=canary-Engine-One-71 SECOND_PASSWORD=canary-Engine-Two-72
ENGINE_USERS="qa-certifier:$FIRST_PASSWORD qa-second:$SECOND_PASSWORD" \
  "$work/venv/bin/gunicorn" --chdir "$engine" --bind 127.0.0.1:0 --threads 8 --no-control-socket app:app 2>"$work/server.log" &
server=$!
port=
for _ in $(seq 100); do
  port=$(sed -n 's/.*Listening at: http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$work/server.log")
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || { cat "$work/server.log" >&2; echo "the server does not listen" >&2; exit 1; }

cat >"$work/bo-conformance.toml" <<TOML
[targets.engine]
base_url = "http://127.0.0.1:$port"
login = "qa-certifier"
password = { env = "FIRST_PASSWORD" }
probe = "/accounts"
probe_login = "/0/owner"
requests_per_second = 0
max_wait = "12s"
second_user = { login = "qa-second", password = { env = "SECOND_PASSWORD" } }
ott = { command = ["python3", "-IS", "$engine/mint.py", "$port", "{login}"], login = "qa-certifier", second_login = "qa-second", lifetime = "5s" }
TOML
code=0
(cd "$work" && "$program" run >"$work/run.log" 2>&1) || code=$?
if [ "$code" != 1 ]; then
  cat "$work/run.log" >&2
  echo "the run ended with $code instead of 1" >&2
  exit 1
fi
python3 - "$work/reports/results.json" >"$work/found.txt" <<'PYTHON'
import json
import sys

for requirement in json.load(open(sys.argv[1]))["requirements"]:
    if requirement["verdict"] in ("fail", "warn", "inconclusive"):
        print(requirement["id"], requirement["verdict"])
PYTHON
if ! diff <(sed 's/ *#.*//; /^$/d' "$engine/deviations.txt") "$work/found.txt"; then
  cat "$work/run.log" >&2
  echo "what is held against the engine (>) is not what tests/engine/deviations.txt lists (<)" >&2
  exit 1
fi
