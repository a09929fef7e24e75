#!/usr/bin/env bash
# Checks the stand-in's documents with tools from PyPI, installed into a temporary folder: a validator, Schemathesis, and a generated
# client that logs in, refreshes and verifies. The metrics of `watch` are read with Prometheus' own client library and checker.
# Usage: tests/evidence/openapi.sh [PROGRAM]   Needs Python with venv and pip; skipped without them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
served=
trap '[ -z "$served" ] || kill "$served"; rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" 2>/dev/null || ! "$work/venv/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "skipped: this machine has no Python with venv and pip, so no public tool reads the stand-in's document" >&2
  exit 0
fi
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  schemathesis==4.32.5 openapi-spec-validator==0.9.0 openapi-python-client==0.29.1 prometheus_client

cd "$work"
export PATH="$work/venv/bin:$PATH"

# Serves with these options, and keeps both documents and an access token.
serve() {
  [ -z "$served" ] || kill "$served"
  : >lines
  "$program" standin --listen 127.0.0.1:0 --user qa1:pw-of-qa1 "$@" >>lines &
  served=$!
  until grep -q ^document lines; do sleep 0.1; done
  base_url=$(sed -n 's/^listening //p' lines)
  python "$here/openapi.py" download "$base_url"
}

# Looks for contradictions with so many examples a call.
examine() {
  schemathesis run openapi.json --url "$base_url" --header "Authorization: Bearer $(cat access)" \
    --checks all --max-examples "$1" --seed 1 >schemathesis.log || { cat schemathesis.log >&2; exit 1; }
}

serve
openapi-spec-validator openapi.json swagger.json
# First, as Schemathesis changes the lifetimes.
printf '[targets.served]\nbase_url = "%s"\nlogin = "qa1"\npassword = { env = "PASSWORD" }\nprobe = "/accounts"\n' "$base_url" >bo-conformance.toml
PASSWORD=pw-of-qa1 "$program" watch --rounds 1 --metrics watch.prom >/dev/null
python "$here/openapi.py" metrics
# Prometheus' own checker of metrics and rules, from the package of the distribution.
if ! command -v promtool >/dev/null && apt-get download prometheus >/dev/null 2>&1; then
  dpkg -x prometheus_*.deb prometheus
  export PATH="$PATH:$work/prometheus/usr/bin"
fi
if command -v promtool >/dev/null; then
  promtool check metrics <watch.prom
  sed -n '/^```yaml/,/^```/{/^```/!p}' "$here/../../docs/watch.md" >rules.yml
  promtool check rules rules.yml >/dev/null
  echo "promtool accepts the metrics and the rules of docs/watch.md"
else
  echo "skipped: there is no promtool on this machine" >&2
fi
examine 20
openapi-python-client generate --path openapi.json --output-path client --meta none >/dev/null
python "$here/openapi.py" use "$base_url"

serve --nodes 2
examine 5
export SSL_CERT_FILE="$work/ca.pem" REQUESTS_CA_BUNDLE="$work/ca.pem"
serve --tls --tls-ca "$work/ca.pem"
examine 5
echo "Schemathesis finds no contradiction: plain, on two nodes and encrypted"
