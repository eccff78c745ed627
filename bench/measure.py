"""Load generation with wrk, and measurement of processor time and memory."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

WRK = Path(__file__).resolve().parent / "wrk"
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Sample:
    """One round: requests per second, milliseconds, and microseconds of processor time per request."""

    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float


def family(pid):
    """Returns the ids of the process and all its descendants."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu(pid):
    """Returns the seconds of processor time of the process and all its descendants, including exited ones."""
    ticks = 0
    for member in family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, fields[11:15 if member == pid else 13]))
    return ticks / TICKS


def memory(pid):
    """Returns the memory of the process and all its descendants in MB, counting shared pages once."""
    total = 0
    for member in family(pid):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text(), re.M)
        total += int(found[1])
    return total / 1024


def wrk(url, script=None, connections=16, seconds=5, environment=None):
    line = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", url]
    if script:
        line[1:1] = ["-s", str(WRK / script)]
    return subprocess.Popen(
        line, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def read(process):
    """Returns the rate, p50, p99 and the number of responses that wrk reports."""
    text = process.communicate()[0]
    bad = re.search(r"Non-2xx.*?(\d+)", text)
    if process.returncode or bad or "Socket errors" in text and "timeout 0" not in text:
        raise SystemExit(f"wrk reported errors:\n{text}")
    quantile = lambda n: (lambda m: float(m[1]) * UNITS[m[2]])(re.search(rf"^\s+{n}%\s+([\d.]+)(us|ms|s|m)\b", text, re.M))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return rate, quantile(50), quantile(99), int(re.search(r"(\d+) requests in", text)[1])


def load(system, postgres, path, **options):
    """Runs one round of load on one system."""
    environment = {"TOKENS": " ".join(system.tokens), **options.pop("environment", {})}
    before = cpu(system.process.pid), cpu(postgres.pid)
    rate, p50, p99, responses = read(wrk(f"{system.base}{path}", environment=environment, **options))
    after = cpu(system.process.pid), cpu(postgres.pid)
    server, database = ((b - a) / max(responses, 1) * 1e6 for a, b in zip(before, after))
    return Sample(rate, p50, p99, server, database)
