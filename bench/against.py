"""Comparison of two builds of this server."""

import hashlib
import os
import subprocess
from pathlib import Path
from statistics import median

import machine
import measure
import report
from compare import TITLES
from systems import MANY, ROOT, WORK, Request, Vestibule, say

# `user seed` gives each first name to 10,000 of a million users, and each pair of names to 100.
SEARCHES = {"search with 100 hits": "ada.love", "search with 1,000 hits": "ada.m"}


class Build:
    """A binary of this server, by its path or built from a commit."""

    def __init__(self, wanted):
        path = Path(wanted)
        if path.is_file():
            self.binary, self.name = path.resolve(), hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        else:
            try:
                commit = output("git", "rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}")
            except subprocess.CalledProcessError:
                raise SystemExit(f"neither a commit nor the path of a binary: {wanted}") from None
            self.binary, self.name = build(commit), commit[:12]

    def systems(self, postgres):
        """Returns the current build and this one on each database. Each has a database of its own."""
        old = {"binary": self.binary, "label": f"-{self.name}"}
        return [
            Vestibule(8161, MANY, **old),
            Vestibule(8131, MANY),
            Vestibule(8162, MANY, postgres, **old),
            Vestibule(8121, MANY, postgres),
        ]


def output(*line):
    return subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.strip()


def build(commit):
    """Builds a commit in a worktree of its own, which the next build reuses, and returns the path of the binary."""
    source, target = WORK / "against" / "source", WORK / "against" / "target"
    if source.exists():
        output("git", "-C", source, "checkout", "--quiet", "--detach", commit)
    else:
        output("git", "worktree", "add", "--quiet", "--force", "--detach", source, commit)
    line = ["cargo", "build", "--release", "--locked", "--package", "vestibule-server"]
    subprocess.run(line, check=True, cwd=source, env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    return target / "release" / "vestibule"


def requests(system):
    """Returns the request of each scenario."""
    usual = system.requests()
    found = {"me": usual["me"], "user by id": usual["user by id"], "page of 50 of 1,000,000": usual["page"]}
    for name, prefix in SEARCHES.items():
        found[f"{name}, first 50"] = Request(f"/api/users?q={prefix}&limit=50")
    return found


def measure_builds(systems, build, quick):
    """Returns the table."""
    count, seconds = (1, 1) if quick else (5, 3)
    sent = {system: requests(system) for system in systems}
    found = {}
    for scenario in sent[systems[0]]:
        for number in range(count):
            for system in systems if number % 2 else reversed(systems):
                sample = measure.load(system, sent[system][scenario], seconds)
                measure.wait_until_idle(system)
                found.setdefault(scenario, {}).setdefault(system, []).append(sample.cpu)
                say(f"{scenario:34} {system.folder.name:32} {sample.cpu:7.0f} µs")
    return table(systems, build, found)


def table(systems, build, found):
    pairs = list(zip(systems[::2], systems[1::2]))
    header = ["CPU µs per request"]
    for old, _ in pairs:
        header += [f"{TITLES[old.name]}: {build.name}", "current", "ratio"]
    rows = []
    for scenario, samples in found.items():
        row = [scenario]
        for pair in pairs:
            old, current = (median(samples[system]) for system in pair)
            row += [f"{old:,.0f}", f"{current:,.0f}", f"{current / old:.2f}"]
        rows.append(row)
    return f"{report.table(header, rows)}\n\nMachine: {machine.description()}"
