#!/usr/bin/env bash
# Makes the pictures of README.md from the demonstration: demo.png, list.png and incident.png in this folder.
#
#   docs/pictures.sh            starts `orszem demo --keep`, takes the pictures, and writes pictures.sum
#   docs/pictures.sh --check    fails when what the pictures show has changed since; fast, needs nothing else
#
# Needs chromium, curl, the font DejaVu Sans Mono, and a build of orszem: ORSZEM names one, or else cargo makes it.
# Takes about two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

# What draws the pictures, and what they say. Detection is left out: it changes figures, and not how they look. So are
# the texts in other languages, the handbook, and tests.
drawn_by=(
    docs/pictures.sh
    src/cli/demo
    src/core/notification
    src/core/receivers/slack
    src/core/words
    src/web/pages/incident
    src/web/pages/layout.rs
    src/web/pages/list.rs
    src/web/pages/list_filter.rs
    src/web/render
)
pictures=(docs/demo.png docs/list.png docs/incident.png)
largest=$((250 * 1024))
sums=docs/pictures.sum

say() { printf 'docs/pictures.sh: %s\n' "$*" >&2; }
fail() {
    say "FAILED: $*"
    exit 1
}

# A line for each source and picture, as `sha256sum --check` reads it.
current() {
    find "${drawn_by[@]}" -type f \
        ! -name '*tests.rs' ! -name fixture.rs ! -name markdown.rs ! -path 'src/core/words/hu/*' -print0 |
        sort -z | xargs -0 sha256sum
    sha256sum "${pictures[@]}"
}

check() {
    local picture changed
    for picture in "${pictures[@]}"; do
        [ -s "$picture" ] || fail "there is no $picture: run docs/pictures.sh"
        [ "$(stat -c %s "$picture")" -le "$largest" ] || fail "$picture is larger than $largest bytes"
    done
    changed="$(diff <(current) "$sums" | sed -n 's/^[<>] [0-9a-f]*  //p' | sort -u)" || true
    [ -z "$changed" ] || fail "the pictures are out of date: run docs/pictures.sh. Changed since: ${changed//$'\n'/, }"
}

case "${1:-}" in
--check)
    check
    exit
    ;;
"") ;;
*) fail "unknown argument $1" ;;
esac

chromium="${ORSZEM_CHROMIUM:-$(command -v chromium)}" || fail "chromium is missing"
command -v curl >/dev/null || fail "curl is missing"
if [ -z "${ORSZEM:-}" ]; then
    cargo build --release --bin orszem
    ORSZEM="${CARGO_TARGET_DIR:-target}/release/orszem"
fi

scratch="$(mktemp -d)"
demo=
stop() {
    if [ -n "$demo" ]; then
        kill -INT "$demo" 2>/dev/null || true
        wait "$demo" || true
    fi
    rm -rf "$scratch"
}
trap stop EXIT

# take FILE WIDTH HEIGHT ADDRESS: a picture of a page in the light theme.
take() {
    "$chromium" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking \
        --no-first-run --user-data-dir="$scratch/profile" --hide-scrollbars --disable-lcd-text \
        --blink-settings=preferredColorScheme=1 --window-size="$2,$3" --screenshot="$scratch/picture.png" "$4" >"$scratch/chromium.log" 2>&1 ||
        fail "chromium: $(tail -n 3 "$scratch/chromium.log")"
    mv "$scratch/picture.png" "$1"
}

say "the demonstration runs for about a minute"
# Without job control a shell lets its children ignore SIGINT, by which the demonstration is stopped.
set -m
: >"$scratch/story"
"$ORSZEM" demo --keep >"$scratch/story" 2>"$scratch/log" &
demo=$!
set +m
until grep -q '^Open it and press' "$scratch/story"; do
    kill -0 "$demo" 2>/dev/null || fail "the demonstration ended: $(tail -n 5 "$scratch/story" "$scratch/log")"
    [ "$SECONDS" -lt 300 ] || fail "the demonstration was not ready after 5 minutes"
    sleep 0.5
done

list="$(sed -n 's|^The list, at \(http://[^ ]*\) :$|\1|p' "$scratch/story")"
inbox="$(sed -n 's|^The page of .*: *\(http://[^ ]*\)$|\1|p' "$scratch/story")"
[ -n "$list$inbox" ] || fail "the story names no address: $(tail -n 5 "$scratch/story")"
page="$(curl --silent --show-error --output /dev/null --write-out '%{redirect_url}' "$inbox")"
[ -n "$page" ] || fail "$inbox leads to no page"

# The story as a terminal of 80 columns shows it, to the table at its end. What comes then is in the other pictures.
sed '/^The crisis of .* goes on/,$d' "$scratch/story" >"$scratch/told"
lines="$(wc -l <"$scratch/told")"
widest="$(wc -L <"$scratch/told")"
[ "$widest" -le 80 ] || fail "a line of the story has $widest columns"
{
    cat <<'HTML'
<!DOCTYPE html>
<meta charset="utf-8">
<style>
body { margin: 0; background: #16191d; color: #d7dade; }
pre { margin: 16px 20px; font: 13px/17px "DejaVu Sans Mono", monospace; }
.typed { color: #85cf9f; }
</style>
<pre><span class="typed">$ orszem demo --keep</span>
HTML
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$scratch/told"
    echo '</pre>'
} >"$scratch/story.html"

take docs/demo.png 680 $(((lines + 1) * 17 + 32)) "file://$scratch/story.html"
take docs/list.png 900 752 "$list"
take docs/incident.png 900 1500 "$page"
current >"$sums"
check
say "look at the pictures before you commit them: ${pictures[*]}"
