#!/usr/bin/env bash
# Builds the portable binary with zig as linker and C compiler, so that it runs on an old glibc, and checks it.
#
#   deploy/release/build.sh [x86_64|aarch64]      without an argument: for this machine's architecture
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
need cargo-zigbuild

# librdkafka's ./configure reads CC and not CC_<target>, which is what cargo-zigbuild sets. Without this it would take
# the machine's own compiler and headers, and need that machine's glibc. What runs during the build keeps the machine's.
mkdir -p "$target_folder"
compiler="$target_folder/zig-cc-$arch"
printf '#!/bin/sh\nexec cargo-zigbuild zig cc -- -target %s-linux-gnu.%s "$@"\n' "$arch" "$glibc" >"$compiler"
chmod 755 "$compiler"

say "building orszem $version for $(triple "$arch"), glibc $glibc"
CC="$compiler" HOST_CC="${HOST_CC:-cc}" \
    cargo zigbuild --locked --profile dist --bin orszem --target "$(triple "$arch").$glibc"

bash deploy/release/check-binary.sh "$arch"
