"""The cores of this machine, divided between the servers and wrk."""

import os

CORES = sorted(os.sched_getaffinity(0))
# With four cores or more, wrk has a quarter of them for itself. With fewer, it runs on those of the server.
LOAD_CORES = CORES[-(len(CORES) // 4) :] if len(CORES) >= 4 else []
SERVER_CORES = CORES[: len(CORES) - len(LOAD_CORES)]
CONNECTIONS = max(16, 4 * len(SERVER_CORES))


def pinned(cores, line):
    """Returns a command line that runs on these cores only."""
    return ["taskset", "-c", ",".join(map(str, cores)), *line]


def description():
    """Returns a sentence about the cores, for the tables."""
    if LOAD_CORES:
        return f"{len(CORES)} cores: {len(SERVER_CORES)} for server and PostgreSQL, {len(LOAD_CORES)} for `wrk`."
    return f"{len(CORES)} cores, shared by server, PostgreSQL and `wrk`."
