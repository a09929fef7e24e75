#!/usr/bin/env bash
# Makes a Debian package of a built program: deb.sh BINARY FOLDER. Prints the path of the package.
# Needs dpkg-deb and objdump, which every Debian with a compiler has.
set -euo pipefail
binary=$(realpath "$1")
out=$(mkdir -p "$2" && realpath "$2")
root=$(dirname "$(realpath "$0")")/../..
name=bo-conformance
version=$("$binary" --version | awk '{print $2}')
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

install -D -m 755 "$binary" "$tree/usr/bin/$name"
install -D -m 644 "$root/LICENSE" "$tree/usr/share/doc/$name/copyright"
install -D -m 644 "$root/CHANGELOG.md" "$tree/usr/share/doc/$name/CHANGELOG.md"
install -D -m 644 "$root/docs/certify-a-deployment.md" "$tree/usr/share/doc/$name/certify-a-deployment.md"
"$binary" man --output "$tree/usr/share/man/man1" >/dev/null
gzip -9n "$tree"/usr/share/man/man1/*
complete() { mkdir -p "$(dirname "$2")" && "$binary" completions "$1" >"$2"; }
complete bash "$tree/usr/share/bash-completion/completions/$name"
complete zsh "$tree/usr/share/zsh/vendor-completions/_$name"
complete fish "$tree/usr/share/fish/vendor_completions.d/$name.fish"

# The newest symbol version decides how old the C library may be.
glibc=$(objdump -T "$binary" 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1 || true)
depends=${glibc:+"Depends: libc6 (>= ${glibc#GLIBC_}), libgcc-s1"}
mkdir "$tree/DEBIAN"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: $name
Version: $version
Architecture: $architecture
Maintainer: The bo-conformance team <bo-conformance@users.noreply.github.com>
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f 1)
${depends:-Pre-Depends: dpkg}
Recommends: ca-certificates
Section: utils
Priority: optional
Description: Certifies the token API of a TraderEvolution BackOffice server
 Judges whether a BO server issues, expires, refreshes and verifies tokens as
 its documentation says, and writes reports and a signed certificate.
CONTROL
package="$out/${name}_${version}_$architecture.deb"
dpkg-deb --build --root-owner-group "$tree" "$package" >/dev/null
echo "$package"
