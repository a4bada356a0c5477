#!/usr/bin/env bash
# Writes SHA256SUMS for all files of the release, and verifies it.
#
#   deploy/release/checksums.sh [x86_64] [aarch64]     without arguments: both must exist
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

[ $# -gt 0 ] || set -- x86_64 aarch64
cp deploy/orszem.service "$out/"
files=(orszem.service)
for name in "$@"; do
    arch="$(architecture "$name")"
    files+=("$(archive_name "$arch").tgz" "$(archive_name "$arch").cdx.json")
    files+=("orszem_$version-1_$(debian_architecture "$arch").deb")
done
cd "$out"
sha256sum "${files[@]}" >SHA256SUMS
sha256sum --check --strict --quiet SHA256SUMS
say "$out/SHA256SUMS holds ${#files[@]} files"
