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

# One field of this package, or of the workspace, from cargo itself.
metadata() { cargo metadata --format-version 1 --no-deps --offline | python3 -c "import json, sys
document = json.load(sys.stdin)
package = next(p for p in document['packages'] if p['name'] == 'orszem')
print($1)"; }

# Where tools.sh puts what a plain machine lacks.
tools="${XDG_CACHE_HOME:-$HOME/.cache}/orszem-release"
PATH="$tools/bin:$PATH"

version="$(metadata "package['version']")"
repository="$(metadata "package['repository']")"
target_folder="$(metadata "document['target_directory']")"
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

# The same bytes from the same commit: files carry its time.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
