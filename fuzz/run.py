"""Sends valid and invalid requests to the server on both databases. Run by `cargo xtask fuzz-api`.

All checks of schemathesis run, on single calls and on chains, except one that no document can decide: that every valid
request is accepted (an email may be taken, a role unknown). Exits with a non-zero code on any failure.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import systems

WORK = ROOT / "target" / "fuzz"
# Excluded operations: they could revoke the session that all calls use.
EXCLUDED = ["logout", "deleteCurrentUser", "changePassword", "deleteOwnSession", "deleteUserSessions"]
EMAIL, PASSWORD = "root@example.com", "correct horse battery"


def serve(name, url, port):
    """Starts a server on an empty database."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    systems.WORK = WORK
    server = systems.System(port, name)
    server.name, server.alive = "server", "/health/live"
    environment = {
        "DATABASE_URL": url,
        "VESTIBULE_ADDR": f"127.0.0.1:{port}",
        "VESTIBULE_PUBLIC_URL": f"http://localhost:{port}",
        "VESTIBULE_MANAGEMENT_ADDR": "off",
        "VESTIBULE_SECRET_KEY": "a key for fuzzing, 0123456789 abcdef",
        "VESTIBULE_ACCESS_TOKEN_TTL": "24h",
        "VESTIBULE_BCRYPT_COST": "4",
        "VESTIBULE_RATE_LIMITS": "off",
        "VESTIBULE_ADMIN_EMAIL": EMAIL,
        "VESTIBULE_ADMIN_PASSWORD": PASSWORD,
    }
    server.spawn([ROOT / "target" / "debug" / "vestibule"], environment, folder)
    return server


def fuzz(server, examples):
    token = systems.post(f"{server.base}/api/auth/login", {"email": EMAIL, "password": PASSWORD})["access_token"]
    line = [WORK / "venv" / "bin" / "schemathesis", "run", f"{server.base}/openapi.json"]
    line += ["--header", f"Authorization: Bearer {token}", "--max-examples", str(examples), "--continue-on-failure"]
    line += ["--checks", "all", "--exclude-checks", "positive_data_acceptance", "--warnings", "off"]
    for operation in EXCLUDED:
        line += ["--exclude-operation-id", operation]
    return subprocess.run(line, cwd=WORK).returncode


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=50, help="requests to generate for each operation")
    examples = arguments.parse_args().examples
    postgres = systems.Postgres()
    postgres.start()
    codes = {}
    try:
        postgres.sql("postgres", "DROP DATABASE IF EXISTS fuzz")
        postgres.ensure_database("fuzz")
        for port, (name, url) in enumerate({"sqlite": "sqlite://fuzz.db", "postgres": postgres.url("fuzz")}.items(), 8141):
            systems.say(f"\n==> {name}")
            server = serve(name, url, port)
            try:
                codes[name] = fuzz(server, examples)
            finally:
                server.stop()
    finally:
        postgres.stop()
    systems.say(f"\n==> {codes}")
    return max(codes.values())


if __name__ == "__main__":
    sys.exit(main())
