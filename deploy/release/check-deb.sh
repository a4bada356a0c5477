#!/usr/bin/env bash
# Installs the Debian package in a clean root, boots that root, and starts the service, as an administrator would.
#
#   deploy/release/check-deb.sh             for this machine's architecture, in a fresh Debian made by debootstrap
#   ORSZEM_BASE=FOLDER                      copies this fresh Debian instead (it needs systemd-sysv and dbus)
#   ORSZEM_KAFKA=localhost:9092             a Kafka that the service must reach; without one it must start and wait
#
# Needs root, debootstrap and systemd-nspawn (package systemd-container). The booted root shares this machine's network.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

[ "$(id -u)" = 0 ] || fail "must be root"
need debootstrap
need systemd-nspawn
package="$out/orszem_$version-1_$(debian_architecture "$(architecture "")").deb"
[ -e "$package" ] || fail "$package does not exist: run deploy/release/deb.sh"

work="$(mktemp -d)"
root="$work/root"
trap 'rm -rf "$work"' EXIT
if [ -n "${ORSZEM_BASE:-}" ]; then
    cp -a "$ORSZEM_BASE" "$root"
else
    say "making a fresh Debian in $root"
    debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$root" >"$work/debootstrap.log" ||
        { tail -n 20 "$work/debootstrap.log" >&2; fail "debootstrap failed"; }
fi
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

say "installing $package, and what it depends on"
cp "$package" "$root/root/orszem.deb"
inside apt-get -q update >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; fail "apt-get update failed"; }
inside apt-get -q -y --no-install-recommends install /root/orszem.deb >"$work/apt.log" 2>&1 ||
    { cat "$work/apt.log" >&2; fail "the package cannot be installed"; }

for path in man/man1/orszem.1.gz bash-completion/completions/orszem; do
    [ -s "$root/usr/share/$path" ] || fail "the package does not contain /usr/share/$path"
done
for script in postinst prerm postrm; do
    grep -q 'deb-systemd-\|systemctl' "$root/var/lib/dpkg/info/orszem.$script" || fail "$script does nothing about the unit"
done
unit=/usr/lib/systemd/system/orszem.service
inside orszem --version >&2
inside orszem check --secrets /etc/orszem/alerts.toml >&2
inside dpkg-query --show --showformat="\${Conffiles}" orszem | grep -q '^ /etc/orszem/alerts.toml ' ||
    fail "/etc/orszem/alerts.toml is not a conffile"
! grep -n '/usr/local' "$root$unit" || fail "$unit names /usr/local"
mapfile -t named < <(grep -oE '^(Documentation=file://|ExecStart=)[^ ]+' "$root$unit" | sed -E 's#^[^/]*(//)?##')
[ "${#named[@]}" -ge 2 ] || fail "$unit lacks a program or documentation"
for path in "${named[@]}"; do
    [ -e "$root$path" ] || fail "$unit names $path, which is not in the package"
done

# The steps of an administrator after the first boot. They run in the root as a separate service, which then powers off.
sed -i "s|^brokers = .*|brokers = \"${ORSZEM_KAFKA:-localhost:9}\"|" "$root/etc/orszem/alerts.toml"
cat >"$root/root/check" <<'CHECK'
#!/bin/bash
set -u
wrong() { echo "WRONG: $*"; systemctl status --no-pager orszem; journalctl --no-pager -u orszem | tail -n 40; exit 1; }
get() {
    exec 3<>/dev/tcp/127.0.0.1/8080 || return 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
    local line
    read -r line <&3
    exec 3>&-
    [[ $line == *" 200 "* ]]
}
answers() {
    for _ in $(seq 120); do
        get "$1" 2>/dev/null && { echo "$1 answers 200"; return; }
        sleep 0.5
    done
    wrong "$1 does not answer 200"
}
# With a Kafka the service must become ready. Without one it must log that it waits.
works() {
    if [ -n "${ORSZEM_KAFKA:-}" ]; then
        answers /-/healthy && answers /-/ready
        return
    fi
    for _ in $(seq 120); do
        journalctl --unit orszem "_PID=$(main_pid)" | grep -q 'kafka cannot be reached: waiting' && { echo "waits for Kafka"; return; }
        sleep 0.5
    done
    wrong "the log does not say that it waits for Kafka"
}
main_pid() { systemctl show --property=MainPID --value orszem; }

systemd-analyze verify --man=no orszem.service || wrong "systemd rejects the unit"
[ "$(systemctl is-enabled orszem)" = disabled ] || wrong "the package enabled the service"
[ "$(systemctl is-active orszem)" = inactive ] || wrong "the package started the service"
systemctl enable --now orszem || wrong "the service does not start"
works
before="$(main_pid)"
user="$(ps -o user= -p "$before" 2>/dev/null || stat -c %U "/proc/$before")"
[ "$user" != root ] || wrong "the service runs as root"
echo "runs as $user, $(readlink "/proc/$before/exe")"

systemctl reload orszem || wrong "the reload failed"
[ "$(main_pid)" = "$before" ] || wrong "the reload restarted the service"
echo "reloaded"

# An upgrade restarts a running service. For dpkg, installing the same package again is an upgrade.
dpkg --install /root/orszem.deb >/dev/null || wrong "the upgrade failed"
[ "$(systemctl is-active orszem)" = active ] || wrong "the upgrade stopped the service"
[ "$(main_pid)" != "$before" ] || wrong "after the upgrade the old program still runs"
works
echo "upgraded"

systemctl stop orszem || wrong "the service does not stop"
[ "$(systemctl show --property=Result --value orszem)" = success ] || wrong "the service failed while it stopped"
systemd-analyze security --no-pager orszem | tail -n 1
dpkg --purge orszem >/dev/null 2>&1 || wrong "the purge failed"
for left in /etc/orszem /usr/bin/orszem /usr/lib/systemd/system/orszem.service /usr/share/doc/orszem \
    /etc/systemd/system/multi-user.target.wants/orszem.service; do
    [ ! -e "$left" ] && [ ! -L "$left" ] || wrong "a purge leaves $left"
done
echo "purged"
echo PASSED
CHECK
chmod 755 "$root/root/check"
cat >"$root/etc/systemd/system/check.service" <<UNIT
[Unit]
After=basic.target
[Service]
Type=oneshot
Environment=ORSZEM_KAFKA=${ORSZEM_KAFKA:-}
ExecStart=/bin/bash -c '/root/check >/root/result 2>&1; systemctl poweroff'
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf ../check.service "$root/etc/systemd/system/multi-user.target.wants/check.service"

say "booting $root"
# Without systemd on this machine, the booted root cannot be registered.
[ -d /run/systemd/system ] && register=() || register=(--register=no --keep-unit)
timeout 300 systemd-nspawn --quiet --boot "${register[@]}" --directory "$root" \
    >"$work/boot.log" 2>&1 </dev/null || true
sed 's/^/    /' "$root/root/result" >&2 || { tail -n 40 "$work/boot.log" >&2; fail "the root did not boot"; }
grep -qx PASSED "$root/root/result" || fail "the checks of the service did not pass"
say "$package passed: installed, started, reloaded, upgraded, purged"
