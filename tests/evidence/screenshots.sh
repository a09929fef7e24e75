#!/usr/bin/env bash
# Takes the screenshots of report.html for the documentation: docs/report-conformant.png, docs/report-not-conformant.png.
# Usage: tests/evidence/screenshots.sh [PROGRAM]   Needs Chromium. Times and ports differ from run to run, so the files do.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${1:-$repository/target/debug/bo-conformance}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$repository/docs"

for name in chromium chromium-browser google-chrome chrome; do
  browser=$(command -v "$name") && break
done
if [ -z "${browser:-}" ]; then
  echo "there is no Chromium on this machine; \`apt-get install chromium\` brings one" >&2
  exit 2
fi

# Runs the program and takes a screenshot of the upper part of its report.
picture() {
  local name=$1
  shift
  (cd "$work" && "$program" run --reports "$name" --format html "$@" >/dev/null) || [ $? = 1 ]
  "$browser" --headless --no-sandbox --hide-scrollbars --window-size=1180,1000 --user-data-dir="$work/profile" \
    --screenshot="$repository/docs/$name.png" "file://$work/$name/report.html" 2>/dev/null
}

picture report-conformant
picture report-not-conformant --fault expiry-access-twice --fault issue-cache-header-missing
