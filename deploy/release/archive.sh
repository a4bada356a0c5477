#!/usr/bin/env bash
# Packs the archive of one architecture. The same commit and binary give the same bytes.
#
#   deploy/release/archive.sh [x86_64|aarch64]
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
bash deploy/release/stage.sh archive "$arch"
name="$(archive_name "$arch")"
tar --create --directory "$out" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
    --mode='u=rwX,go=rX' "$name" | gzip -9n >"$out/$name.tgz"
rm -rf "${out:?}/$name"
say "packed $out/$name.tgz, $(stat -c %s "$out/$name.tgz") bytes"
