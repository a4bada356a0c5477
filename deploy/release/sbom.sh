#!/usr/bin/env bash
# Writes the software bill of materials of one architecture's binary, as CycloneDX. It lists every crate that is linked
# into the binary, and marks those that only the build runs as excluded.
#
#   deploy/release/sbom.sh [x86_64|aarch64]
#
# librdkafka, OpenSSL, zlib and zstd appear as the crates that contain their source: rdkafka-sys, openssl-src, libz-sys,
# zstd-sys. The versions of these crates name those of the libraries.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
need cargo-cyclonedx
need python3
mkdir -p "$out"
name="$(archive_name "$arch").cdx"
cargo cyclonedx --format json --spec-version 1.5 --target "$(triple "$arch")" --override-filename "$name"
# cargo-cyclonedx can only write into this folder. So edit the file in place, and then move it.
python3 - "$name.json" "$version" "$PWD" <<'PYTHON'
import json, sys
path, version, folder = sys.argv[1:]
# The build folder is of no interest to readers.
bom = json.loads(open(path).read().replace("path+file://" + folder, "path+file:///orszem"))
about = bom["metadata"]["component"]
assert (about["name"], about["version"]) == ("orszem", version), about
crates = {component["name"]: component for component in bom["components"]}
for name in ("rdkafka-sys", "openssl-src", "libz-sys", "zstd-sys", "tokio"):
    assert name in crates, f"{path} lacks {name}"
# Only the build runs this crate, but its result is linked into the program.
crates["openssl-src"]["scope"] = "required"
with open(path, "w") as file:
    json.dump(bom, file, indent=2)
linked = sum(crate["scope"] == "required" for crate in bom["components"])
print(f"sbom.sh: {linked} crates are linked, {len(bom['components']) - linked} run at build time", file=sys.stderr)
PYTHON
mv "$name.json" "$out/$name.json"
