#!/usr/bin/env bash
# Creates the release on GitHub and uploads all files that SHA256SUMS lists. Needs gh, with its token in GH_TOKEN.
#
#   deploy/release/publish.sh v1.2.3
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

tag="${1:?give the tag as the argument}"
need gh
bash deploy/release/check-tag.sh "$tag"
bash deploy/release/checksums.sh
notes="$out/notes.md"
bash deploy/release/notes.sh >"$notes"
mapfile -t files < <(awk '{ print $2 }' "$out/SHA256SUMS")
# A version with a hyphen, such as 1.0.0-rc.1, is a pre-release by Semantic Versioning.
kind=()
[[ $version != *-* ]] || kind=(--prerelease)
cd "$out"
gh release create "$tag" --repo "$repository" --verify-tag --title "orszem $version" --notes-file notes.md \
    "${kind[@]}" SHA256SUMS "${files[@]}"
say "released $tag"
