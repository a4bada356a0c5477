#!/usr/bin/env bash
# Refuses a tag that does not match the version. This is the first step of a release.
#
#   deploy/release/check-tag.sh v1.2.3
#
# On GitHub it also checks that the repository is the one in Cargo.toml.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

tag="${1:?which tag?}"
[ "$tag" = "v$version" ] || fail "the tag is $tag and Cargo.toml says $version: it should be v$version"
bash deploy/release/notes.sh >/dev/null
! has_no_home || fail "repository in Cargo.toml is still the placeholder $repository: name the real one"
if [ -n "${GITHUB_REPOSITORY:-}" ]; then
    here="${GITHUB_SERVER_URL:?}/$GITHUB_REPOSITORY"
    [ "$here" = "$repository" ] || fail "this is $here, and Cargo.toml says repository = \"$repository\""
fi
say "$tag matches Cargo.toml and CHANGELOG.md"
