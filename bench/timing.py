"""Checks that response times reveal nothing about an account. Run by `cargo xtask bench timing`.

At production cost, one request at a time, alternating between the kinds of account, so that other load on the machine
affects all of them. Exits with 1 if a median differs from that of an ordinary account by more than 3 ms and 5 %.
`--rounds` is for trying the program itself; `--write` puts the table into docs/benchmarks.md.
"""

import argparse
import base64
import hmac
import http.client
import json
import struct
import sys
import time
from statistics import median

import report
from systems import WORK, Postgres, Vestibule, post, say

OWN, WRONG = "correct horse battery", "wrong donkey accumulator"
ADMIN = "root@example.com"
# Plain bcrypt of OWN at cost 10, as imported from another application.
IMPORTED = "$2b$10$3Bjaj9ONmF6I.QhoseYG3ujtSvLbN2Bb.l1TLZuxWl0owXqJ.naI6"
SIGN_IN = [
    "wrong password",
    "unknown email",
    "no password",
    "disabled",
    "unverified",
    "hash of cost 10",
    "second factor",
]


def address(kind, run):
    return f"{kind.replace(' ', '-')}-{run}@example.com"


def connect(system):
    return http.client.HTTPConnection("127.0.0.1", system.port, timeout=60)


def ask(connection, path, body, token=None, method="POST"):
    """Returns the status, the response time in milliseconds, and the content."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    text = json.dumps(body)
    start = time.perf_counter()
    connection.request(method, path, text, headers)
    response = connection.getresponse()
    content = response.read()
    return response.status, (time.perf_counter() - start) * 1000, content


def accounts(system, run):
    """Creates an account of each kind and returns the access token of the ordinary one."""
    system.command("user", "create", "--admin", ADMIN, text=OWN)
    token = post(f"{system.base}/api/auth/login", {"email": ADMIN, "password": OWN})["access_token"]
    connection = connect(system)
    imported = json.dumps({"email": address("hash of cost 10", run), "password_hash": IMPORTED})
    (system.folder / "imported.json").write_text(imported + "\n")
    done = system.command("user", "import", "--apply", "--verified", "imported.json")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    for kind in ("wrong password", "no password", "disabled", "unverified", "second factor"):
        body = {"email": address(kind, run), "roles": ["member"]}
        if kind != "no password":
            body["password"] = OWN
        status, _, created = ask(connection, "/api/users", body, token)
        assert status == 201, created
        change = {"email_verified": kind != "unverified", **({"status": "disabled"} if kind == "disabled" else {})}
        status, _, changed = ask(connection, f"/api/users/{json.loads(created)['id']}", change, token, "PATCH")
        assert status == 200, changed
    enable_totp(connection, system, address("second factor", run))
    own = {"email": address("wrong password", run), "password": OWN}
    return post(f"{system.base}/api/auth/login", own)["access_token"]


def enable_totp(connection, system, email):
    """Sets up an authenticator app (RFC 6238)."""
    token = post(f"{system.base}/api/auth/login", {"email": email, "password": OWN})["access_token"]
    status, _, created = ask(connection, "/api/users/me/totp", {}, token)
    assert status == 201, created
    key = base64.b32decode(json.loads(created)["secret"])
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    number = struct.unpack_from(">I", mac, mac[19] & 15)[0] & 0x7FFFFFFF
    status, _, confirmed = ask(connection, "/api/users/me/totp/confirm", {"code": f"{number % 10**6:06}"}, token)
    assert status == 200, confirmed


def scenarios(run, token):
    """Returns names, expected statuses, and requests whose times must not differ, the ordinary one first."""
    sign_in = [(kind, "/api/auth/login", {"email": address(kind, run), "password": WRONG}, None) for kind in SIGN_IN]
    emails = {"known email": address("wrong password", run), "unknown email": address("unknown email", run)}
    link = lambda path: [(kind, path, {"email": email}, None) for kind, email in emails.items()]
    change = lambda email: {"new_email": email, "current_password": OWN}
    return [
        ("sign in, wrong password", 401, sign_in),
        ("forgot password", 202, link("/api/auth/forgot-password")),
        ("resend verification", 202, link("/api/auth/resend-verification")),
        (
            "email change",
            202,
            [
                ("available email", "/api/users/me/email", change(address("free", run)), token),
                ("taken email", "/api/users/me/email", change(address("disabled", run)), token),
            ],
        ),
    ]


def measure(system, rounds, run):
    """Returns medians in milliseconds, by scenario and kind."""
    connection = connect(system)
    found = {}
    for name, expected, requests in scenarios(run, accounts(system, run)):
        samples = {}
        for _ in range(rounds):
            for kind, path, body, token in requests:
                status, elapsed, content = ask(connection, path, body, token)
                assert status == expected, (name, kind, status, content)
                samples.setdefault(kind, []).append(elapsed)
        found[name] = {kind: median(times) for kind, times in samples.items()}
        say(f"{system.name:9} {name}: " + ", ".join(f"{kind} {ms:.2f}" for kind, ms in found[name].items()))
    return found


def differing(medians):
    """Returns the kinds whose time differs from that of the ordinary account."""
    ordinary = next(iter(medians.values()))
    allowed = max(3.0, 0.05 * ordinary)
    return [kind for kind, ms in medians.items() if abs(ms - ordinary) > allowed]


def table(found):
    lines = ["| median, ms | | SQLite | PostgreSQL |", "|---|---|--:|--:|"]
    for name in found["sqlite"]:
        for kind in found["sqlite"][name]:
            lines.append(f"| {name} | {kind} | {found['sqlite'][name][kind]:.2f} | {found['postgres'][name][kind]:.2f} |")
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = arguments.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    postgres, run = Postgres(), format(time.time_ns(), "x")
    postgres.start()
    found = {}
    try:
        for system in (Vestibule(8140, 1), Vestibule(8141, 1, postgres)):
            system.environment |= {"VESTIBULE_REQUIRE_VERIFIED_EMAIL": "true", "VESTIBULE_MAIL_URL": "file:mail"}
            system.start()
            try:
                found[system.name] = measure(system, arguments.rounds, run)
            finally:
                system.stop()
    finally:
        postgres.stop()
    print(table(found))
    if arguments.write:
        report.write("timing", table(found))
    leaks = {(s, name): kinds for s, all in found.items() for name, medians in all.items() if (kinds := differing(medians))}
    for (system, name), kinds in leaks.items():
        say(f"{system}: the response time of '{name}' reveals: {', '.join(kinds)}")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
