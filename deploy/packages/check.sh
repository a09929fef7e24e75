#!/usr/bin/env bash
# Installs the packages where no Rust is, and runs them: check.sh BINARY FOLDER.
# The Debian package goes into a bare root folder made by debootstrap, the wheel into a new Python environment.
set -euo pipefail
binary=$(realpath "$1")
out=$(mkdir -p "$2" && realpath "$2")
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")

command -v debootstrap >/dev/null || apt-get install -qy debootstrap >/dev/null
package=$("$here/deb.sh" "$binary" "$out")

. /etc/os-release
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk -v release="$VERSION_CODENAME" '$2 == release { print $1; exit }')
bare="$out/bare"
[ -x "$bare/usr/bin/dpkg" ] || debootstrap --variant=minbase "$VERSION_CODENAME" "$bare" "$mirror" >"$out/debootstrap.log" 2>&1
cp "$package" "$bare/tmp/"
chroot "$bare" dpkg --install "/tmp/$(basename "$package")" >/dev/null
chroot "$bare" bo-conformance run --reports /tmp/reports | tail -n 1
chroot "$bare" sh -c 'test -s /usr/share/man/man1/bo-conformance.1.gz && test -s /usr/share/bash-completion/completions/bo-conformance'

"$here/wheel.sh" "$out"
python3 -m venv --clear "$out/venv"
"$out/venv/bin/pip" install --quiet --no-index --find-links "$out" bo-conformance
"$out/venv/bin/bo-conformance" run --reports "$out/reports" | tail -n 1
