# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts that source it
# Settings and functions for the release scripts, which source this file. Package data comes from Cargo.toml.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The oldest glibc that the binaries run on: Debian 10, Ubuntu 18.10, RHEL 8 and later.
glibc=2.28

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    say "FAILED: $*"
    exit 1
}
need() { command -v "$1" >/dev/null || fail "$1 is missing: run deploy/release/tools.sh, or install it by hand"; }

# One string of Cargo.toml, or of the workspace, as cargo reads it. Cargo's JSON is compact, and these strings contain
# no quotes.
metadata() {
    local found
    found="$(cargo metadata --format-version 1 --no-deps --offline | grep -o "\"$1\":\"[^\"]*\"" | head -n 1)"
    found="${found#*:\"}"
    echo "${found%\"}"
}

# The folder into which tools.sh installs missing tools.
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
    *) fail "there are no releases for $name: choose x86_64 or aarch64" ;;
    esac
}

triple() { echo "$1-unknown-linux-gnu"; }

# The name of an architecture in Debian and in container images.
debian_architecture() {
    case "$1" in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    esac
}

# The folder for all files of a release. It is next to Cargo.toml, whatever CARGO_TARGET_DIR says, because
# [package.metadata.deb] names it.
out=target/packages
binary() { echo "$target_folder/$(triple "$1")/dist/orszem"; }
archive_name() { echo "orszem-$version-$(triple "$1")"; }

# The systemd unit for a package, which installs into /usr and not /usr/local.
package_unit() { sed 's|/usr/local/|/usr/|g' deploy/orszem.service; }

# For reproducible files: their time is that of the commit, or that of Cargo.toml if there is no git.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Cargo.toml)}"
export SOURCE_DATE_EPOCH
