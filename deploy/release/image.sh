#!/usr/bin/env bash
# Builds the container image from the released binaries, so that nothing is compiled twice.
#
#   deploy/release/image.sh             for this machine's architecture; starts the image and checks its contents
#   deploy/release/image.sh --push      for both architectures, to the registry of the repository; signs in with
#                                       REGISTRY_TOKEN and GITHUB_ACTOR if they are set
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

need docker
case "${1:-}" in
--push) architectures=(x86_64 aarch64) ;;
"") architectures=("$(architecture "")") ;;
*) fail "unknown argument $1" ;;
esac

# The Dockerfile copies /out/<architecture>/orszem from its stage `build`. This folder replaces that stage.
binaries="$out/image"
platforms=()
for arch in "${architectures[@]}"; do
    platform="$(debian_architecture "$arch")"
    mkdir -p "$binaries/out/$platform"
    # From the archive, because the release's checksums cover the archive.
    tar --extract --gzip --to-stdout --file "$out/$(archive_name "$arch").tgz" "$(archive_name "$arch")/orszem" \
        >"$binaries/out/$platform/orszem"
    chmod 755 "$binaries/out/$platform/orszem"
    platforms+=("linux/$platform")
done

revision="$(git rev-parse HEAD)"
created="$(date --utc --iso-8601=seconds --date="@$SOURCE_DATE_EPOCH")"
build=(docker buildx build --file deploy/Dockerfile --build-context "build=$binaries"
    --platform "$(IFS=,; echo "${platforms[*]}")"
    --label "org.opencontainers.image.source=$repository"
    --label "org.opencontainers.image.version=$version"
    --label "org.opencontainers.image.revision=$revision"
    --label "org.opencontainers.image.created=$created")

if [ "${1:-}" = --push ]; then
    ! has_no_home || fail "repository in Cargo.toml is still the placeholder $repository"
    [[ $repository == https://github.com/* ]] || fail "no registry is known for $repository"
    image="ghcr.io/${repository#https://github.com/}"
    image="${image,,}"
    if [ -n "${REGISTRY_TOKEN:-}" ]; then
        docker login ghcr.io --username "${GITHUB_ACTOR:?}" --password-stdin <<<"$REGISTRY_TOKEN"
    fi
    "${build[@]}" --tag "$image:$version" --tag "$image:latest" --push .
    say "pushed $image:$version for ${platforms[*]}"
else
    image="orszem:$version"
    "${build[@]}" --tag "$image" --load .
    said="$(docker run --rm "$image" --version)"
    [[ "$said " == "orszem $version"[[:space:]]* ]] || fail "the image reports \"$said\", expected orszem $version"
    user="$(docker inspect --format '{{.Config.User}}' "$image")"
    [[ $user =~ ^[1-9] ]] || fail "the image runs as \"$user\", not as a user without privileges"
    [ "$(docker inspect --format '{{if .Config.Healthcheck}}yes{{end}}' "$image")" = yes ] || fail "the image has no health check"
    say "$image starts: $said, user $user"
fi
