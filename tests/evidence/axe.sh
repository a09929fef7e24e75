#!/usr/bin/env bash
# Looks at every page that the program writes with axe-core: at three widths, in light, dark and print.
# Usage: tests/evidence/axe.sh [PROGRAM]   Needs Chromium and npm; skipped without them. SHOTS=DIR keeps a picture of each view.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in chromium chromium-browser google-chrome chrome; do
  browser=$(command -v "$name") && break
done
if [ -z "${browser:-}" ] || ! npm --version >/dev/null 2>&1; then
  echo "skipped: this machine has no Chromium or no npm, so axe sees no page" >&2
  exit 0
fi

cp "$here/axe.mjs" "$work"
cd "$work"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund playwright-core@1 axe-core@4

"$program" run --reports conformant >run.log
"$program" run --reports failing --fault expiry-access-twice --fault issue-cache-header-missing >run.log || [ $? = 1 ]
"$program" client --reports client --requirement CLIENT-30 -- sh -c 'exit 3' >run.log || [ $? = 1 ]
"$program" certify --new-key key >run.log
"$program" certify conformant/results.json --key key >run.log
node axe.mjs "$browser" conformant/report.html failing/report.html client/report.html conformant/certificate.html
