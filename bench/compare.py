"""Comparison of this server with other systems."""

import subprocess
from math import inf
from statistics import median

import machine
import measure
import report
from systems import EMAIL, FEW, PASSWORD, ROOT, post, say

TITLES = {
    "guide": "FastAPI",
    "better-auth": "better-auth",
    "pocketbase": "PocketBase",
    "postgres": "PostgreSQL",
    "sqlite": "SQLite",
}
# The name, whether the system has many users, the request, and how many times longer than others a round is.
SCENARIOS = [
    ("hello", True, "hello", 1),
    ("me", True, "me", 1),
    ("user by id", True, "user by id", 1),
    ("page of 50 of 1,000", False, "page", 1),
    ("page of 50 of 1,000,000", True, "page", 1),
    ("search `ada.love` in 1,000,000", True, "search", 3),
    ("sign in", True, "sign in", 3),
    ("sign up", True, "sign up", 3),
]


def measure_systems(systems, quick):
    """Returns the tables. Start and memory are those of the last systems, which have many users."""
    count, seconds = (1, 1) if quick else (3, 5)
    starts = {system.name: median(system.restart() for _ in range(3)) * 1000 for system in systems}
    idle = memory(systems)
    found = rounds(systems, count, seconds)
    flood = under_flood(systems, count, seconds)
    loaded = memory(systems)
    ours = [system for system in systems if system.name == "postgres"][-1:]
    limits = [pgbench_bound(system, seconds) for system in ours]
    for system in systems:
        system.stop()
    limits.append(bcrypt_bound(2 * seconds))
    processes = {
        "start until the first response, ms": {name: f"{ms:,.0f}" for name, ms in starts.items()},
        "memory when idle, MB": idle,
        "memory after the load, MB": loaded,
        "`me` p99 when quiet, ms": {name: number(p99, ".2f") for name, (p99, _, _) in flood.items()},
        "`me` p99 during a flood of sign-ins, ms": {name: number(p99, ".2f") for name, (_, p99, _) in flood.items()},
        "sign-ins/s during the flood": {name: number(rate, ".2f") for name, (_, _, rate) in flood.items()},
    }
    return "\n\n".join([*load_tables(found), table("", processes), machine_limits(*limits)])


def memory(systems):
    return {system.name: f"{measure.memory(system.process.pid):.0f}" for system in systems}


def rounds(systems, count, seconds):
    """Returns all samples, by scenario and system."""
    requests = {system: system.requests() for system in systems}
    found = {}
    for name, has_many, request, longer in SCENARIOS:
        for _ in range(count):
            for system in systems:
                if (system.users > FEW) == has_many:
                    sample = measure.load(system, requests[system][request], longer * seconds)
                    measure.wait_until_idle(system)
                    found.setdefault(name, {}).setdefault(system.name, []).append(sample)
                    say(f"{name:32} {system.name:11} {sample.rate:9.1f}/s  p99 {sample.p99:.2f} ms")
    return found


def under_flood(systems, count, seconds):
    """Returns the p99 of `me` over four connections, on a quiet server and while all connections sign in."""
    found = {}
    for _ in range(count):
        for system in (system for system in systems if system.users > FEW):
            requests = system.requests()
            quiet = measure.load(system, requests["me"], seconds, connections=4)
            flood = measure.wrk(system, requests["sign in"], 3 * seconds)
            flooded = measure.load(system, requests["me"], seconds, connections=4)
            sign_ins = measure.read(flood)[0]
            measure.wait_until_idle(system)
            found.setdefault(system.name, []).append((quiet.p99, flooded.p99, sign_ins))
            say(f"flood {system.name:11} p99 {quiet.p99:.2f} -> {flooded.p99:.2f} ms, {sign_ins:.1f} sign-ins/s")
    return {name: [median(column) for column in zip(*samples)] for name, samples in found.items()}


def bcrypt_bound(seconds):
    """Returns password hashes per second on all cores."""
    line = ["cargo", "run", "--release", "--quiet", "-p", "vestibule-security", "--example", "bcrypt_bound", "--"]
    return float(subprocess.run([*line, "12", str(seconds)], check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def pgbench_bound(system, seconds):
    """Returns transactions per second of the authentication statement alone."""
    session = post(f"{system.base}/api/auth/login", {"email": EMAIL, "password": PASSWORD})
    line = [system.postgres.bin / "pgbench", "-n", "-M", "prepared", "-c", "10", "-j", "1", "-T", str(seconds)]
    line += ["-D", f"session={session['session_id']}", "-f", ROOT / "bench" / "pgbench-me.sql"]
    line.append(system.postgres.url(system.database))
    output = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    return float(output.split("tps = ")[1].split()[0])


def load_tables(found):
    """Returns the tables of rates, latencies and processor time."""
    formats = {
        "requests/s": lambda sample: number(sample("rate"), ",.0f" if sample("rate") > 100 else ".2f"),
        "p50 / p99, ms": lambda sample: f"{number(sample('p50'), '.3g')} / {number(sample('p99'), '.3g')}",
        "CPU µs per request": lambda sample: processor_time(sample("server_cpu"), sample("database_cpu")),
    }
    tables = []
    for title, show in formats.items():
        rows = {}
        for scenario, by_system in found.items():
            middle = lambda samples: show(lambda field: median(getattr(sample, field) for sample in samples))
            rows[scenario] = {name: middle(samples) for name, samples in by_system.items()}
        tables.append(table(title, rows))
    return tables


def processor_time(server, database):
    """Returns the time of the server, plus that of PostgreSQL if the system uses it."""
    return f"{server:,.0f} + {database:,.0f}" if 0 < database < inf else number(server, ",.0f")


def number(value, form):
    """Returns a number, or a dash for what could not be measured because there was no response."""
    return format(value, form) if value < inf else "—"


def table(title, rows):
    """Returns a table with a column per system."""
    names = [name for name in TITLES if name in next(iter(rows.values()))]
    header = [title, *(TITLES[name] for name in names)]
    return report.table(header, [[row, *(cells[name] for name in names)] for row, cells in rows.items()])


def machine_limits(*limits):
    """Returns a sentence about the machine."""
    *statements, passwords = limits
    parts = [f"{passwords:.2f} passwords/s at cost 12 on all cores"]
    parts += [f"{rate:,.0f}/s of the authentication statement with pgbench over 10 connections" for rate in statements]
    return f"Machine: {machine.description()} Its limits in the same run: {'; '.join(parts)}."
