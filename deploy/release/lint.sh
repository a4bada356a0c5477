#!/usr/bin/env bash
# Checks scripts, workflows, the Dockerfile and what is for Kubernetes.
#
#   deploy/release/lint.sh          with the linters that are installed; reports missing ones
#   deploy/release/lint.sh --all    fails if a linter is missing
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

has() {
    command -v "$1" >/dev/null && return
    [ "${all:-}" = "" ] || fail "$1 is missing: apt-get install shellcheck, and deploy/release/tools.sh --lint"
    say "skipped $2: $1 is not installed"
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
    say "${#scripts[@]} scripts passed"
fi
if has actionlint "the workflows"; then
    actionlint -color=false
    say "the workflows passed"
fi
if has hadolint "the Dockerfile"; then
    # DL3008 wants fixed versions of Debian packages. But Debian removes a version with the next security update.
    hadolint --ignore DL3008 deploy/Dockerfile
    say "the Dockerfile passed"
fi
# KEDA's and Strimzi's kinds are not among the schemas.
if has kubernetes-validate "the manifests for Kubernetes"; then
    mapfile -t manifests < <(grep -L '^apiVersion: kustomize' deploy/kubernetes/orszem/*.yaml)
    kubernetes-validate --strict --quiet "${manifests[@]}"
    say "${#manifests[@]} manifests for Kubernetes passed"
fi
if has kustomize "what Kustomize makes of them"; then
    for folder in deploy/kubernetes/*/; do
        kustomize build "$folder" >/dev/null
    done
    say "Kustomize passed"
fi
