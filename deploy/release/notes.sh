#!/usr/bin/env bash
# Prints what CHANGELOG.md says of this version; fails if it says nothing.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

notes="$(awk -v heading="## [$version]" '
    index($0, "## ") == 1 { inside = index($0, heading) == 1; next }
    index($0, "[") == 1 { inside = 0 }
    inside' CHANGELOG.md)"
[[ $notes == *[![:space:]]* ]] || fail "CHANGELOG.md has no section \"## [$version]\", or nothing in it"
printf '%s\n' "$notes"
