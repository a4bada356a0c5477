#!/usr/bin/env bash
# Makes the Debian package of one architecture from [package.metadata.deb] in Cargo.toml.
#
#   deploy/release/deb.sh [x86_64|aarch64]
#
# We use cargo-deb because it reads the same Cargo.toml as everything else, and writes the same maintainer scripts for
# systemd as debhelper.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
need cargo-deb
bash deploy/release/stage.sh deb "$arch"
package="$out/orszem_$version-1_$(debian_architecture "$arch").deb"
cargo deb --locked --no-build --no-strip --profile dist --target "$(triple "$arch")" --output "$package"
say "made $package, $(stat -c %s "$package") bytes"
