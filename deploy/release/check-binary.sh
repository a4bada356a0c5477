#!/usr/bin/env bash
# Checks a binary that build.sh made: it needs only an old glibc, and it starts if it fits this machine.
#
#   deploy/release/check-binary.sh [x86_64|aarch64]
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

arch="$(architecture "${1:-}")"
program="$(binary "$arch")"
[ -x "$program" ] || fail "$program does not exist: run deploy/release/build.sh $arch"
need objdump

newest="$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)"
[ -n "$newest" ] || fail "$program names no version of glibc: is it an ELF file?"
highest="$(printf '%s\nGLIBC_%s\n' "$newest" "$glibc" | sort -V | tail -n 1)"
[ "$highest" = "GLIBC_$glibc" ] || fail "$program needs $newest, which is newer than $glibc"

# Users would have to install any other library, such as OpenSSL, in the right version.
allowed='^(libc|libm|libdl|librt|libpthread|libgcc_s|ld-linux-x86-64|ld-linux-aarch64)\.so\.[0-9]+$'
others="$(objdump -p "$program" | awk '$1 == "NEEDED" { print $2 }' | grep -Ev "$allowed" || true)"
[ -z "$others" ] || fail "$program needs libraries that a machine may lack: ${others//$'\n'/ }"

if [ "$arch" = "$(uname -m)" ]; then
    said="$("$program" --version)"
    # `orszem 1.2.3`, and perhaps build details.
    [[ "$said " == "orszem $version"[[:space:]]* ]] || fail "$program reports \"$said\", expected orszem $version"
    say "$said starts, needs $newest, $(stat -c %s "$program") bytes"
else
    say "needs $newest, $(stat -c %s "$program") bytes; not started, since this machine is $(uname -m)"
fi
