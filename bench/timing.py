"""What the time of an answer tells about an account: `cargo xtask bench timing` runs it.

At production cost, one request at a time, the kinds of account in turn, so that what else the machine does meets all of
them. Nothing is told where every median is within 3 ms or 5 % of that of an ordinary account; else it ends with 1.
`--rounds` is for trying the program itself; `--write` puts the table into docs/benchmarks.md.
"""

import argparse
import http.client
import json
import sys
import time
from statistics import median

from systems import ROOT, WORK, Postgres, Vestibule, post, say

MARKS = "<!-- timing: begin -->\n", "<!-- timing: end -->"
OWN, WRONG = "correct horse battery", "wrong donkey accumulator"
ADMIN = "root@example.com"
# Plain bcrypt of OWN at cost 10, as an application that moved in may have left it.
IMPORTED = "$2b$10$3Bjaj9ONmF6I.QhoseYG3ujtSvLbN2Bb.l1TLZuxWl0owXqJ.naI6"
SIGN_IN = ["wrong password", "nobody", "no password", "disabled", "unverified", "hash of cost 10"]


def address(kind, run):
    return f"{kind.replace(' ', '-')}-{run}@example.com"


def connect(system):
    return http.client.HTTPConnection("127.0.0.1", system.port, timeout=60)


def ask(connection, path, body, token=None, method="POST"):
    """The status of an answer, and how long it took in milliseconds."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    text = json.dumps(body)
    start = time.perf_counter()
    connection.request(method, path, text, headers)
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, (time.perf_counter() - start) * 1000, content


def accounts(system, run):
    """An account of each kind; gives the access token of the ordinary one."""
    system.command("user", "create", "--admin", ADMIN, text=OWN)
    token = post(f"{system.base}/api/auth/login", {"email": ADMIN, "password": OWN})["access_token"]
    connection = connect(system)
    moved_in = json.dumps({"email": address("hash of cost 10", run), "password_hash": IMPORTED})
    (system.folder / "moved-in.json").write_text(moved_in + "\n")
    done = system.command("user", "import", "--apply", "--verified", "moved-in.json")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    for kind in ("wrong password", "no password", "disabled", "unverified"):
        body = {"email": address(kind, run), "roles": ["member"]}
        if kind != "no password":
            body["password"] = OWN
        status, _, made = ask(connection, "/api/users", body, token)
        assert status == 201, made
        change = {"email_verified": kind != "unverified", **({"status": "disabled"} if kind == "disabled" else {})}
        status, _, changed = ask(connection, f"/api/users/{json.loads(made)['id']}", change, token, "PATCH")
        assert status == 200, changed
    own = {"email": address("wrong password", run), "password": OWN}
    return post(f"{system.base}/api/auth/login", own)["access_token"]


def scenarios(run, token):
    """Name, what is expected, and the requests whose times must not differ, the ordinary one first."""
    sign_in = [(kind, "/api/auth/login", {"email": address(kind, run), "password": WRONG}, None) for kind in SIGN_IN]
    somebody, nobody = address("wrong password", run), address("nobody", run)
    link = lambda path: [(who, path, {"email": email}, None) for who, email in (("somebody", somebody), ("nobody", nobody))]
    change = lambda email: {"new_email": email, "current_password": OWN}
    return [
        ("sign in, wrong password", 401, sign_in),
        ("forgot password", 202, link("/api/auth/forgot-password")),
        ("resend verification", 202, link("/api/auth/resend-verification")),
        (
            "change of address",
            202,
            [
                ("free address", "/api/users/me/email", change(address("free", run)), token),
                ("taken address", "/api/users/me/email", change(address("disabled", run)), token),
            ],
        ),
    ]


def measure(system, rounds, run):
    """Medians in milliseconds, by scenario and kind."""
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


def tells(medians):
    """The kinds whose time is another one."""
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
        path = ROOT / "docs" / "benchmarks.md"
        before, rest = path.read_text().split(MARKS[0])
        path.write_text(f"{before}{MARKS[0]}{table(found)}\n{MARKS[1]}{rest.split(MARKS[1])[1]}")
    telling = {(s, name): kinds for s, all in found.items() for name, medians in all.items() if (kinds := tells(medians))}
    for (system, name), kinds in telling.items():
        say(f"{system}: {name} tells {', '.join(kinds)} by its time")
    return 1 if telling else 0


if __name__ == "__main__":
    sys.exit(main())
