#!/usr/bin/env bash
# Judges public client libraries and their support for refreshes, as users of this API would use them: none may be blamed.
# Usage: tests/evidence/clients.sh [PROGRAM [RUNS]]   Needs Python with venv and pip, and Node with npm; what is missing is skipped. Two
# minutes a run, so CI does without.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
runs=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/clients/* "$work"
cd "$work"

commands=()
if python3 -m venv venv 2>/dev/null && venv/bin/python -m pip --version >/dev/null 2>&1; then
  venv/bin/python -m pip install --quiet --disable-pip-version-check \
    requests-oauthlib==2.0.0 requests==2.34.2 httpx==0.28.1 httpx-auth==0.23.1 authlib==1.9.10
  commands+=("$work/venv/bin/python oauthlib_session.py" "$work/venv/bin/python httpx_auth_client.py" "$work/venv/bin/python authlib_client.py")
else
  echo "skipped: this machine has no Python with venv and pip" >&2
fi
if npm --version >/dev/null 2>&1; then
  echo '{"private": true}' >package.json
  npm install --silent --no-audit --no-fund axios@1.21.1 axios-auth-refresh@5.0.2 ky@1.14.3 got@14.6.6
  commands+=("node axios.mjs" "node ky.mjs" "node got.mjs")
else
  echo "skipped: this machine has no npm" >&2
fi

blamed=0
for run in $(seq "$runs"); do
  for command in "${commands[@]}"; do
    name=${command##* }
    # The words of a command have no blanks.
    # shellcheck disable=SC2086
    "$program" client --profile hardened --reports "reports/$name" -- $command >"$name.log" 2>&1 || { blamed=1; cat "$name.log" >&2; }
  done
done
[ "$blamed" = 0 ] || exit 1
echo "${#commands[@]} clients with public libraries: none is blamed in $runs run(s) each"
