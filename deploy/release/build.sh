#!/usr/bin/env bash
# Builds the portable binary with zig as linker and C compiler, so that it runs on an old glibc, and checks it.
#
#   deploy/release/build.sh [x86_64|aarch64]      without an argument: for this machine's architecture
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
need cargo-zigbuild

# librdkafka's ./configure reads CC and CXX, but cargo-zigbuild sets CC_<target>. Without this it would use the
# machine's own compiler and headers, and need that machine's glibc. Programs that run during the build still use
# HOST_CC and HOST_CXX.
mkdir -p "$target_folder"
for language in cc c++; do
    compiler="$target_folder/zig-$language-$arch"
    printf '#!/bin/sh\nexec cargo-zigbuild zig %s -- -target %s-linux-gnu.%s "$@"\n' "$language" "$arch" "$glibc" \
        >"$compiler"
    chmod 755 "$compiler"
done

say "building orszem $version for $(triple "$arch"), glibc $glibc"
# librdkafka's list of exported symbols names some that do not exist. GNU's linker accepts that; zig's needs this flag.
CC="$target_folder/zig-cc-$arch" CXX="$target_folder/zig-c++-$arch" HOST_CC="${HOST_CC:-cc}" HOST_CXX="${HOST_CXX:-c++}" \
    LDFLAGS="-Wl,--undefined-version" ORSZEM_OPENSSL=source \
    cargo zigbuild --locked --profile dist --bin orszem --target "$(triple "$arch").$glibc"

bash deploy/release/check-binary.sh "$arch"
