#!/usr/bin/env bash
# Prints the section of CHANGELOG.md for this version; fails if there is none.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

notes="$(awk -v heading="## [$version]" '
    index($0, "## ") == 1 { inside = index($0, heading) == 1; next }
    index($0, "[") == 1 { inside = 0 }
    inside' CHANGELOG.md)"
[[ $notes == *[![:space:]]* ]] || fail "CHANGELOG.md has no section \"## [$version]\", or the section is empty"
printf '%s\n' "$notes"
