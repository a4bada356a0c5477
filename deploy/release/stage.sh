#!/usr/bin/env bash
# Lays out what goes beside the binary, for one architecture: in an archive, which is unpacked for /usr/local, or in a
# Debian package, which owns /usr. The archive's files and the package's differ in nothing but their place.
#
#   deploy/release/stage.sh archive|deb [x86_64|aarch64]
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

form="${1:-}"
arch="$(architecture "${2:-}")"
program="$(binary "$arch")"
[ -x "$program" ] || fail "there is no $program: run deploy/release/build.sh $arch"
# What the program writes about itself must be asked of one that runs here; it is the same for every architecture.
speaker="$program"
[ "$arch" = "$(uname -m)" ] || speaker="$(binary "$(uname -m)")"
[ -x "$speaker" ] || fail "man pages come from a program that runs here: run deploy/release/build.sh $(uname -m) first"

# Manual pages and completions, from the command line's one definition.
manuals() { mkdir -p "$1" && "$speaker" man --output-dir "$1"; }
completion() { mkdir -p "$(dirname "$2")" && "$speaker" completions "$1" >"$2"; }
# All pages but their pictures.
documents() {
    mkdir -p "$1"
    cp -r docs/. "$1"
    find "$1" -name '*.png' -delete
}
# For the monitoring of orszem itself.
monitoring() {
    mkdir -p "$1"
    cp deploy/prometheus/orszem.rules.yml deploy/grafana/dashboards/orszem.json "$1"
}

case "$form" in
archive)
    to="$out/$(archive_name "$arch")"
    rm -rf "$to" && mkdir -p "$to"
    cp "$program" LICENSE README.md CHANGELOG.md alerts.toml deploy/orszem.service "$to"
    documents "$to/docs"
    monitoring "$to/monitoring"
    manuals "$to/man"
    completion bash "$to/completions/orszem.bash"
    completion zsh "$to/completions/_orszem"
    completion fish "$to/completions/orszem.fish"
    ;;
deb)
    # [package.metadata.deb] in Cargo.toml takes all of this folder.
    to="$out/deb"
    rm -rf "$to" && mkdir -p "$to/unit"
    package_unit >"$to/unit/orszem.service"
    documents "$to/share/doc/orszem"
    gzip -9n <CHANGELOG.md >"$to/share/doc/orszem/changelog.gz"
    mkdir -p "$to/share/doc/orszem/examples"
    cp alerts.toml "$to/share/doc/orszem/examples"
    monitoring "$to/share/doc/orszem/examples"
    manuals "$to/share/man/man1"
    completion bash "$to/share/bash-completion/completions/orszem"
    completion zsh "$to/share/zsh/vendor-completions/_orszem"
    completion fish "$to/share/fish/vendor_completions.d/orszem.fish"
    # Debian wants a log of the packaging; what changed in the program is in changelog.gz.
    printf 'orszem (%s-1) unstable; urgency=medium\n\n  * /usr/share/doc/orszem/changelog.gz says what changed.\n\n -- %s  %s\n' \
        "$version" "$(metadata maintainer)" \
        "$(LC_ALL=C date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" >"$to/changelog"
    ;;
*) fail "lay out what: archive or deb?" ;;
esac
say "laid out in $to"
