#!/usr/bin/env bash
# Writes the software bill of materials of one architecture's binary: every crate that is linked into it, as CycloneDX.
#
#   deploy/release/sbom.sh [x86_64|aarch64]
#
# librdkafka, OpenSSL, zlib and zstd are in it as the crates that bring their source (rdkafka-sys, openssl-src,
# libz-sys, zstd-sys), whose versions name theirs.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
need cargo-cyclonedx
mkdir -p "$out"
name="$(archive_name "$arch").cdx"
cargo cyclonedx --format json --spec-version 1.5 --describe crate --no-build-deps --target "$(triple "$arch")" \
    --override-filename "$name"
mv "$name.json" "$out/$name.json"
python3 - "$out/$name.json" "$version" <<'PYTHON'
import json, sys
path, version = sys.argv[1:]
bom = json.load(open(path))
about = bom["metadata"]["component"]
assert (about["name"], about["version"]) == ("orszem", version), about
names = {component["name"] for component in bom["components"]}
missing = {"rdkafka-sys", "openssl-sys", "tokio"} - names
assert not missing, f"{path} lacks {missing}"
print(f"sbom.sh: {path} lists {len(names)} crates", file=sys.stderr)
PYTHON
