#!/usr/bin/env bash
# Validates the Kubernetes manifests strictly against the published schemas, and parses every recipe as YAML.
# Needs Python with pip; installs packages into a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! python3 -m venv "$work/venv" >/dev/null 2>&1 || ! "$work/venv/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "skipped: the manifests in deploy/ are not validated, because this machine has no Python with venv and pip" >&2
  exit 0
fi
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check kubernetes-validate==1.37.0

for version in 1.33.0 1.37.0; do
  "$work/venv/bin/kubernetes-validate" --strict --quiet --kubernetes-version "$version" \
    "$here"/kubernetes/{volume,cronjob,page,job,watch}.yaml
  echo "the manifests are valid for Kubernetes $version"
done

# What is wrong must be found, or the above says nothing.
sed 's/completionMode: Indexed/completionModus: Indexed/' "$here/kubernetes/job.yaml" >"$work/wrong.yaml"
if "$work/venv/bin/kubernetes-validate" --strict --quiet "$work/wrong.yaml" >/dev/null 2>&1; then
  echo "a manifest with an unknown field is found valid" >&2
  exit 1
fi

"$work/venv/bin/python" - "$here"/*/*.yml "$here"/kubernetes/*.yaml <<'PYTHON'
import sys
import yaml

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        assert list(yaml.safe_load_all(file)), path
print(f"{len(sys.argv) - 1} recipes are YAML")
PYTHON

if command -v kubectl >/dev/null; then
  kubectl kustomize "$here/kubernetes" >"$work/all.yaml"
  "$work/venv/bin/kubernetes-validate" --strict --quiet "$work/all.yaml"
  echo "what kustomize makes of them is valid"
fi
