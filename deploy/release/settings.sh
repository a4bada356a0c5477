# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts that source it
# What the scripts of a release share: sourced, never run. Everything about the package is read from Cargo.toml.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The oldest glibc that the binaries run on: Debian 10, Ubuntu 18.10, RHEL 8 and later.
glibc=2.28

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    say "FAILED: $*"
    exit 1
}
need() { command -v "$1" >/dev/null || fail "there is no $1: run deploy/release/tools.sh, or install it by hand"; }

# One text of Cargo.toml, or of the workspace, as cargo reads it. Cargo's JSON is compact; no text in it holds a quote.
metadata() {
    local found
    found="$(cargo metadata --format-version 1 --no-deps --offline | grep -o "\"$1\":\"[^\"]*\"" | head -n 1)"
    found="${found#*:\"}"
    echo "${found%\"}"
}

# Where tools.sh puts what a plain machine lacks.
tools="${XDG_CACHE_HOME:-$HOME/.cache}/orszem-release"
PATH="$tools/bin:$PATH"

version="$(cargo pkgid --offline orszem)"
version="${version##*[#@]}"
repository="$(metadata repository)"
target_folder="$(metadata target_directory)"
readonly glibc version repository target_folder

# The repository's address is a placeholder until the project has a home.
has_no_home() { [[ $repository == */OWNER/* ]]; }

# x86_64 or aarch64; without an argument, this machine's.
architecture() {
    local name="${1:-$(uname -m)}"
    case "$name" in
    x86_64 | aarch64) echo "$name" ;;
    *) fail "$name is not released: choose x86_64 or aarch64" ;;
    esac
}

triple() { echo "$1-unknown-linux-gnu"; }

# How Debian and container images call an architecture.
debian_architecture() {
    case "$1" in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    esac
}

# Where everything that is released is put: beside Cargo.toml, whatever CARGO_TARGET_DIR says, since
# [package.metadata.deb] names it.
out=target/packages
binary() { echo "$target_folder/$(triple "$1")/dist/orszem"; }
archive_name() { echo "orszem-$version-$(triple "$1")"; }

# The unit, for a package, which owns /usr and not /usr/local.
package_unit() { sed 's|/usr/local/|/usr/|g' deploy/orszem.service; }

# The same bytes from the same commit: files carry its time, or that of Cargo.toml where there is no git.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Cargo.toml)}"
export SOURCE_DATE_EPOCH
