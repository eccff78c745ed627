"""Measures this server and the guide's FastAPI application. Run by `cargo xtask bench`.

The systems alternate, so that other load on the machine affects all of them. The table has medians, and ratios within
this run. `--quick` runs one short round of each and is for trying the program itself.
"""

import argparse
import subprocess
import sys
import uuid
from statistics import median

import measure
from systems import FEW, MANY, ROOT, WORK, Guide, Postgres, Vestibule, post, say

MARKS = "<!-- measured: begin -->\n", "<!-- measured: end -->"
SYSTEMS = {"guide": "FastAPI", "postgres": "PostgreSQL", "sqlite": "SQLite"}


def scenarios(seconds):
    """Returns names, numbers of users, and the load."""
    get = {"script": "get.lua", "seconds": seconds}
    page = lambda system: ("/api/users?limit=50", get)
    slow = {"seconds": 3 * seconds}
    new = lambda: {"environment": {"RUN": uuid.uuid4().hex}}
    return [
        ("hello", MANY, lambda system: ("/", {"seconds": seconds})),
        ("me", MANY, lambda system: ("/api/users/me", get)),
        ("user by id", MANY, lambda system: (system.user_path(), get)),
        ("page of 50 of 1,000", FEW, page),
        ("page of 50 of 1,000,000", MANY, page),
        ("search `ada.love` in 1,000,000", MANY, lambda system: ("/api/users?q=ada.love&limit=50", get)),
        ("sign in", MANY, lambda system: ("/api/auth/login", {"script": "sign_in.lua", **slow})),
        ("sign up", MANY, lambda system: ("/api/users", {"script": "sign_up.lua", **slow, **new()})),
    ]


def rounds(systems, postgres, count, seconds):
    """Returns all samples, by scenario and system."""
    found = {}
    for name, users, request in scenarios(seconds):
        for _ in range(count):
            for system in systems:
                if system.users == users:
                    path, options = request(system)
                    sample = measure.load(system, postgres, path, **options)
                    found.setdefault(name, {}).setdefault(system.name, []).append(sample)
                    say(f"{name:32} {system.name:9} {sample.rate:9.1f}/s  p99 {sample.p99:.2f} ms")
    return found


def under_flood(systems, postgres, count, seconds):
    """Returns the p99 of `me` over four connections, on a quiet server and while sixteen connections sign in."""
    found = {}
    for _ in range(count):
        for system in (system for system in systems if system.users == MANY):
            me = {"script": "get.lua", "connections": 4, "seconds": seconds}
            quiet = measure.load(system, postgres, "/api/users/me", **me)
            flood = measure.wrk(f"{system.base}/api/auth/login", "sign_in.lua", seconds=3 * seconds)
            flooded = measure.load(system, postgres, "/api/users/me", **me)
            sign_ins = measure.read(flood)[0]
            found.setdefault(system.name, []).append((quiet.p99, flooded.p99, sign_ins))
            say(f"flood {system.name:9} p99 {quiet.p99:.2f} -> {flooded.p99:.2f} ms, {sign_ins:.1f} sign-ins/s")
    return {name: [median(column) for column in zip(*samples)] for name, samples in found.items()}


def bcrypt_bound(seconds):
    line = ["cargo", "run", "--release", "--quiet", "-p", "vestibule-security", "--example", "bcrypt_bound", "--"]
    return float(subprocess.run([*line, "12", str(seconds)], check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def pgbench_bound(postgres, system, seconds):
    """Returns transactions per second of the authentication statement alone."""
    session = post(f"{system.base}/api/auth/login", {"email": "bench@example.com", "password": "correct horse battery"})
    line = [postgres.bin / "pgbench", "-n", "-M", "prepared", "-c", "10", "-j", "1", "-T", str(seconds)]
    line += ["-D", f"session={session['session_id']}", "-f", ROOT / "bench" / "pgbench-me.sql"]
    output = subprocess.run([*line, postgres.url(system.database)], check=True, capture_output=True, text=True).stdout
    return float(output.split("tps = ")[1].split()[0])


def table(found):
    lines = [
        "| | requests/s: FastAPI | PostgreSQL | SQLite | ratio | p50 / p99 ms: FastAPI | PostgreSQL | SQLite "
        "| CPU µs per request: FastAPI | PostgreSQL | SQLite |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, by_system in found.items():
        middle = lambda system, field: median(getattr(sample, field) for sample in by_system[system])
        rates = [middle(system, "rate") for system in SYSTEMS]
        times = [f"{middle(system, 'p50'):.3g} / {middle(system, 'p99'):.3g}" for system in SYSTEMS]
        cpus = [f"{middle(s, 'server_cpu'):,.0f} + {middle(s, 'database_cpu'):,.0f}" for s in SYSTEMS]
        shown = [f"{rate:,.0f}" if rate > 100 else f"{rate:.2f}" for rate in rates]
        ratios = f"{rates[1] / rates[0]:.2g} · {rates[2] / rates[0]:.2g}"
        lines.append("| " + " | ".join([name, *shown, ratios, *times, *cpus]) + " |")
    return "\n".join(lines)


def report(found, flood, starts, bounds, loaded):
    parts = [table(found), ""]
    parts += ["| | FastAPI | PostgreSQL | SQLite |", "|---|--:|--:|--:|"]
    row = lambda name, values: "| " + " | ".join([name, *values]) + " |"
    parts.append(row("start until the first response, ms", [f"{starts[s] * 1000:,.0f}" for s in SYSTEMS]))
    parts.append(row("memory when idle, MB", [f"{bounds['idle'][s]:.0f}" for s in SYSTEMS]))
    parts.append(row("memory after the load, MB", [f"{loaded[s]:.0f}" for s in SYSTEMS]))
    parts.append(row("`me` p99 when quiet, ms", [f"{flood[s][0]:.2f}" for s in SYSTEMS]))
    parts.append(row("`me` p99 during a flood of sign-ins, ms", [f"{flood[s][1]:.2f}" for s in SYSTEMS]))
    parts.append(row("sign-ins/s during the flood", [f"{flood[s][2]:.2f}" for s in SYSTEMS]))
    parts += ["", f"Limits of the machine in the same run: {bounds['bcrypt']:.2f} passwords/s at cost 12 on all cores; "]
    parts[-1] += f"{bounds['pgbench']:,.0f}/s of the authentication statement with pgbench over 10 connections."
    return "\n".join(parts)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = arguments.parse_args()
    count, seconds = (1, 1) if arguments.quick else (3, 5)
    WORK.mkdir(parents=True, exist_ok=True)
    postgres = Postgres()
    postgres.start()
    systems = []
    for offset, users in enumerate((FEW, MANY)):
        systems.append(Guide(8110 + offset, users, postgres))
        systems.append(Vestibule(8120 + offset, users, postgres))
        systems.append(Vestibule(8130 + offset, users))
    try:
        for system in systems:
            system.start()
            system.fill()
            system.stop()
        starts = {}
        for system in systems:
            starts[system.name] = median(restarted(system) for _ in range(3))
        idle = {system.name: measure.memory(system.process.pid) for system in systems}
        for system in systems:
            system.sign_in()
        found = rounds(systems, postgres, count, seconds)
        flood = under_flood(systems, postgres, count, seconds)
        loaded = {system.name: measure.memory(system.process.pid) for system in systems}
        ours = next(system for system in systems if system.name == "postgres" and system.users == MANY)
        bounds = {"idle": idle, "pgbench": pgbench_bound(postgres, ours, seconds)}
        for system in systems:
            system.stop()
        bounds["bcrypt"] = bcrypt_bound(2 * seconds)
    finally:
        for system in systems:
            if system.process and system.process.poll() is None:
                system.stop()
        postgres.stop()
    text = report(found, flood, starts, bounds, loaded)
    print(text)
    if arguments.write:
        path = ROOT / "docs" / "benchmarks.md"
        before, rest = path.read_text().split(MARKS[0])
        path.write_text(f"{before}{MARKS[0]}{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}")


def restarted(system):
    if system.process and system.process.poll() is None:
        system.stop()
    return system.start()


if __name__ == "__main__":
    sys.exit(main())
