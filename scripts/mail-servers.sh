#!/bin/bash
# Sends every kind of email to real mail servers, as Debian installs them, and scores the received messages with Rspamd.
#
# Usage, as root on Debian: scripts/mail-servers.sh [exim|postfix|opensmtpd]...
#
# Each server is installed in an overlay of this machine's file system, which does not change. Port 25 of 127.0.0.1 must
# be free. Not part of CI: it downloads packages and takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

host=accounts.example.com
user=vmtest
servers=("$@")
[ ${#servers[@]} -gt 0 ] || servers=(exim postfix opensmtpd)
[ "$(id -u)" = 0 ] || { echo "must run as root: it mounts overlays and listens on port 25" >&2; exit 1; }

cargo build --quiet --package vestibule-mailer --example every_email
sender=${CARGO_TARGET_DIR:-target}/debug/examples/every_email

# The mounts disappear with this process.
if [ -z "${MAIL_SERVERS_INSIDE:-}" ]; then
    MAIL_SERVERS_INSIDE=1 exec unshare --mount "$0" "${servers[@]}"
fi
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
pids=()
cleanup() {
    [ ! -d "$work/postfix/root" ] || chroot "$work/postfix/root" postfix stop >/dev/null 2>&1 || true
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    sleep 1
    umount --recursive --lazy "$work" && rmdir "$work"
}
trap cleanup EXIT

# install ROOT PACKAGE...: creates an overlay of this machine with additional packages.
install() {
    local root=$work/$1
    mkdir -p "$root"/{upper,work,root}
    mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/root"
    mount --rbind /proc "$root/root/proc"
    mount --rbind /dev "$root/root/dev"
    DEBIAN_FRONTEND=noninteractive chroot "$root/root" \
        apt-get install --yes --no-install-recommends "${@:2}" >"$root/apt.log" 2>&1 ||
        { tail -20 "$root/apt.log" >&2; exit 1; }
}

in_root() { chroot "$work/$1/root" "${@:2}"; }

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Rspamd first compiles its rules, which takes a minute on a busy machine.
wait_for_port() {
    for _ in $(seq 300); do listens "$1" && return; sleep 1; done
    echo "nothing listens on port $1" >&2
    exit 1
}

# start SERVER: runs it in the foreground of a background job.
start() {
    case $1 in
        exim)
            in_root exim update-exim4.conf
            chroot "$work/exim/root" exim4 -bdf -q1m >"$work/exim/log" 2>&1 & ;;
        postfix)
            in_root postfix postconf maillog_file=/dev/stdout inet_interfaces=loopback-only \
                mydestination=localhost smtpd_tls_security_level=may >/dev/null
            in_root postfix newaliases
            chroot "$work/postfix/root" postfix start-fg >"$work/postfix/log" 2>&1 & ;;
        opensmtpd)
            in_root opensmtpd mkdir -p /etc/smtpd
            cat >"$work/opensmtpd/root/etc/smtpd.conf" <<CONF
table aliases file:/etc/aliases
pki localhost cert "/etc/ssl/certs/ssl-cert-snakeoil.pem"
pki localhost key "/etc/ssl/private/ssl-cert-snakeoil.key"
listen on localhost tls pki localhost
action "local" mbox alias <aliases>
match from local for local action "local"
CONF
            in_root opensmtpd touch /etc/aliases
            chroot "$work/opensmtpd/root" smtpd -d >"$work/opensmtpd/log" 2>&1 & ;;
    esac
    pids+=($!)
    wait_for_port 25
}

stop() {
    case $1 in
        postfix) in_root postfix postfix stop >/dev/null 2>&1 ;;
        *) kill "${pids[-1]}" ;;
    esac
    for _ in $(seq 100); do listens 25 || break; sleep 0.1; done
    unset 'pids[-1]'
}

packages() {
    case $1 in
        exim) echo exim4-daemon-light ssl-cert ;;
        postfix) echo postfix ssl-cert ;;
        opensmtpd) echo opensmtpd ssl-cert ;;
        *) echo "unknown mail server: $1" >&2; exit 1 ;;
    esac
}

echo "Installing Rspamd"
install rspamd rspamd
in_root rspamd mkdir -p /run/rspamd /etc/rspamd/local.d
# No Redis, and no network services that do not concern the message.
for module in fuzzy_check greylist ratelimit history_redis neural phishing replies; do
    echo 'enabled = false;' >"$work/rspamd/root/etc/rspamd/local.d/$module.conf"
done
in_root rspamd chown -R _rspamd:_rspamd /run/rspamd /var/lib/rspamd /var/log/rspamd
chroot "$work/rspamd/root" rspamd --no-fork --user _rspamd --group _rspamd >"$work/rspamd/log" 2>&1 &
pids+=($!)
wait_for_port 11334

# score FILE: prints Rspamd's score, and its parts, for a message from a client named $host.
score() {
    in_root rspamd rspamc --connect 127.0.0.1:11334 --json --ip 192.0.2.7 --helo "$host" --hostname "$host" \
        --from "vestibule@$host" --rcpt "$user@localhost" <"$1" | python3 -c '
import json, sys
result = json.load(sys.stdin)
symbols = [s for s in result["symbols"].values() if abs(s["score"]) >= 0.05]
symbols.sort(key=lambda s: -s["score"])
parts = " ".join("{}({:g})".format(s["name"], round(s["score"], 2)) for s in symbols)
print("{:5.2f}  {}".format(result["score"], parts))'
}

failed=0
for server in "${servers[@]}"; do
    echo
    if listens 25; then
        echo "port 25 is in use" >&2
        exit 1
    fi
    # shellcheck disable=SC2046
    install "$server" $(packages "$server")
    in_root "$server" useradd --create-home "$user" 2>/dev/null || true
    start "$server"
    version=$(in_root "$server" dpkg-query --show --showformat '${Version}' "$(packages "$server" | cut -d' ' -f1)")
    echo "== $server $version"
    "$sender" smtp://localhost "Accounts <vestibule@$host>" "$user@localhost" "https://$host" || failed=1
    box=$work/$server/root/var/mail/$user
    for _ in $(seq 300); do
        [ "$(grep -c '^Message-I[Dd]: ' "$box" 2>/dev/null)" = 9 ] && break
        sleep 0.1
    done
    python3 - "$box" "$work/$server/split" <<'PY'
import mailbox, os, sys
os.makedirs(sys.argv[2])
for number, message in enumerate(mailbox.mbox(sys.argv[1])):
    with open(os.path.join(sys.argv[2], f"{number}.eml"), "wb") as file:
        file.write(bytes(message))
PY
    count=$(find "$work/$server/split" -name '*.eml' | wc -l)
    tls=$({ grep -lE 'with ESMTPS|with esmtps' "$work/$server/split"/*.eml || true; } | wc -l)
    echo "received: $count of 9, over TLS: $tls"
    [ "$count" = 9 ] || { failed=1; tail -20 "$work/$server/log"; }
    for file in "$work/$server/split"/*.eml; do
        subject=$(grep -m1 '^Subject: ' "$file" | cut -c10-)
        printf '%-62s %s\n' "$subject" "$(score "$file")"
    done
    stop "$server"
done
exit $failed
