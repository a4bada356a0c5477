#!/usr/bin/env bash
# Checks scripts, workflows and the Dockerfile.
#
#   deploy/release/lint.sh          with the linters that are here; says which are not
#   deploy/release/lint.sh --all    a linter that is missing is a failure
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

has() {
    command -v "$1" >/dev/null && return
    [ "${all:-}" = "" ] || fail "there is no $1: apt-get install shellcheck, and deploy/release/tools.sh --lint"
    say "left out, for there is no $1: $2"
    return 1
}
case "${1:-}" in
--all) all=yes ;;
"") ;;
*) fail "unknown argument $1" ;;
esac

if has shellcheck "the scripts"; then
    mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run src/openssl/perl tests/run)
    shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
    say "${#scripts[@]} scripts are in order"
fi
if has actionlint "the workflows"; then
    actionlint -color=false
    say "the workflows are in order"
fi
if has hadolint "the Dockerfile"; then
    # DL3008: versions of Debian's packages are those of the release; a fixed one is gone with the next security update.
    hadolint --ignore DL3008 deploy/Dockerfile
    say "the Dockerfile is in order"
fi
