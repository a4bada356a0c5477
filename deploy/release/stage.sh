#!/usr/bin/env bash
# Arranges the files of a release for one architecture: for an archive, which is unpacked to /usr/local, or for a Debian
# package, which installs into /usr. Archive and package contain the same files in different places.
#
#   deploy/release/stage.sh archive|deb [x86_64|aarch64]
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

form="${1:-}"
arch="$(architecture "${2:-}")"
program="$(binary "$arch")"
[ -x "$program" ] || fail "$program does not exist: run deploy/release/build.sh $arch"
# Manual pages and completions come from running the program. They are the same for every architecture, so a binary for
# this machine will do.
speaker="$program"
[ "$arch" = "$(uname -m)" ] || speaker="$(binary "$(uname -m)")"
[ -x "$speaker" ] || fail "the manual pages need a program that runs here: run deploy/release/build.sh $(uname -m) first"

manuals() { mkdir -p "$1" && "$speaker" man --output-dir "$1"; }
completion() { mkdir -p "$(dirname "$2")" && "$speaker" completions "$1" >"$2"; }
# All documentation without its pictures.
documents() {
    mkdir -p "$1"
    cp -r docs/. "$1"
    find "$1" -name '*.png' -delete
}
# For monitoring orszem itself.
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
    # [package.metadata.deb] in Cargo.toml packages this whole folder.
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
    # Debian requires a changelog of the packaging. The changes of the program are in changelog.gz.
    printf 'orszem (%s-1) unstable; urgency=medium\n\n  * See /usr/share/doc/orszem/changelog.gz for the changes.\n\n -- %s  %s\n' \
        "$version" "$(metadata maintainer)" \
        "$(LC_ALL=C date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" >"$to/changelog"
    ;;
*) fail "choose archive or deb" ;;
esac
say "wrote $to"
