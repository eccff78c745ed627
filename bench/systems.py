"""A private PostgreSQL, and the systems that have the API of the guide: its application and this server."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from machine import CONNECTIONS, SERVER_CORES, pinned

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
BINARY = ROOT / "target" / "release" / "vestibule"
EMAIL, PASSWORD = "bench@example.com", "correct horse battery"
FEW, MANY = 1_000, 1_000_000
POSTGRES_PORT = 5532


@dataclass
class Request:
    """What wrk sends in a scenario: the body to a script that posts, and other tokens than those of the system."""

    path: str
    script: str | None = "get.lua"
    body: str = ""
    tokens: list[str] | None = None


def say(text):
    print(text, file=sys.stderr, flush=True)


def post(url, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def get(url, headers=None):
    request = urllib.request.Request(url, headers=headers or {})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


class Postgres:
    """A cluster that is preserved between runs, because filling it takes minutes."""

    def __init__(self):
        self.data = WORK / "postgres"
        self.bin = Path(max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin")))
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self.data.mkdir(parents=True, exist_ok=True)
            if self.as_user:
                shutil.chown(self.data, "postgres")
            self.control("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        settings = f"-p {POSTGRES_PORT} -c listen_addresses=127.0.0.1 -k /tmp"
        settings += " -c shared_buffers=512MB -c max_connections=500"
        self.control("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "-o", settings, "start")

    def stop(self):
        self.control("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def control(self, program, *arguments):
        line = [*self.as_user, str(self.bin / program), *map(str, arguments)]
        subprocess.run(pinned(SERVER_CORES, line), check=True, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, database):
        return f"postgresql://postgres@127.0.0.1:{POSTGRES_PORT}/{database}"

    def sql(self, database, text):
        line = [self.bin / "psql", "-qAt", "-v", "ON_ERROR_STOP=1", self.url(database), "-c", text]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()

    def ensure_database(self, name):
        if not self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self.sql("postgres", f"CREATE DATABASE {name}")

    @property
    def pid(self):
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])


class System:
    """A running server."""

    name = ""
    postgres = process = None
    tokens = ()
    header, scheme = "Authorization", "Bearer "

    def __init__(self, port, users, label=""):
        self.port, self.users, self.cores = port, users, SERVER_CORES
        self.base = f"http://127.0.0.1:{port}"
        self.folder = WORK / f"{self.name}{label}-{users}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def spawn(self, line, environment, cwd):
        """Starts the server and returns the seconds until its first response."""
        log = open(self.folder / "log", "w")
        start = time.monotonic()
        self.process = subprocess.Popen(
            pinned(self.cores, line),
            env={**os.environ, **environment},
            cwd=cwd,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        while True:
            try:
                get(f"{self.base}{self.alive}")
                return time.monotonic() - start
            except (urllib.error.URLError, ConnectionError):
                if self.process.poll() is not None:
                    raise SystemExit(f"{self.name} ended: see {log.name}") from None
                time.sleep(0.005)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(60)

    def restart(self):
        self.stop()
        return self.start()

    def sign_in(self):
        """Signs in once per connection, so that concurrent requests use different sessions."""
        self.tokens = [self.new_token() for _ in range(CONNECTIONS)]

    def new_token(self):
        return post(f"{self.base}/api/auth/login", {"email": EMAIL, "password": PASSWORD})["access_token"]

    def get(self, path):
        return get(f"{self.base}{path}", {self.header: self.scheme + self.tokens[0]})

    def requests(self):
        """Returns the request of each scenario."""
        account = lambda email: json.dumps({"email": email, "password": PASSWORD})
        return {
            "hello": Request("/", script=None),
            "me": Request("/api/users/me"),
            "user by id": Request(self.user_path()),
            "page": Request("/api/users?limit=50"),
            "search": Request("/api/users?q=ada.love&limit=50"),
            "sign in": Request("/api/auth/login", "sign_in.lua", account(EMAIL)),
            "sign up": Request("/api/users", "sign_up.lua", account("NEW@example.com")),
        }


class Guide(System):
    """The guide's application, with a worker per core."""

    name, alive = "guide", "/"

    def __init__(self, port, users, postgres):
        super().__init__(port, users)
        self.postgres, self.database = postgres, f"guide_{users}"

    def start(self):
        self.postgres.ensure_database(self.database)
        python = WORK / "venv" / "bin" / "python"
        line = [python, "-m", "uvicorn", "app.main:app", "--port", str(self.port), "--workers", str(len(self.cores))]
        url = self.postgres.url(self.database).replace("postgresql://", "postgresql+psycopg2://")
        return self.spawn(line, {"DATABASE_URL": url}, ROOT / "bench" / "fastapi-guide")

    def fill(self):
        if int(self.postgres.sql(self.database, "SELECT count(*) FROM users")) < self.users:
            say(f"filling {self.database}")
            self.postgres.sql(
                self.database,
                "INSERT INTO users (email, hashed_password) SELECT 'ada.lovelace.' || n || '@example.com', 'x' "
                f"FROM generate_series(1, {self.users}) n ON CONFLICT DO NOTHING",
            )
            self.postgres.sql(self.database, "ANALYZE")
        with suppress(urllib.error.HTTPError):
            post(f"{self.base}/api/users", {"email": EMAIL, "password": PASSWORD})

    def user_path(self):
        return f"/api/users/{self.users // 2}"


class Vestibule(System):
    """This server, with its defaults except for rate limits."""

    alive = "/health/live"

    def __init__(self, port, users, postgres=None, binary=BINARY, label=""):
        self.name = "postgres" if postgres else "sqlite"
        super().__init__(port, users, label)
        self.postgres, self.binary, self.database = postgres, binary, f"vestibule{label.replace('-', '_')}_{users}"
        self.environment = {
            "VESTIBULE_ADDR": f"127.0.0.1:{port}",
            "VESTIBULE_MANAGEMENT_ADDR": "off",
            "VESTIBULE_RATE_LIMITS": "off",
        }
        if postgres:
            key = WORK / "secret.key"
            if not key.exists():
                key.write_text(secrets.token_urlsafe(32))
            self.environment |= {"DATABASE_URL": postgres.url(self.database), "VESTIBULE_SECRET_KEY": key.read_text()}

    def start(self):
        if self.postgres:
            self.postgres.ensure_database(self.database)
        return self.spawn([self.binary], self.environment, self.folder)

    def command(self, *arguments, text=None):
        return subprocess.run(
            [self.binary, *arguments],
            env={**os.environ, **self.environment, "RUST_LOG": "error"},
            cwd=self.folder,
            input=text,
            text=True,
            capture_output=True,
        )

    def fill(self):
        marker = self.folder / "filled"
        if not marker.exists():
            say(f"filling {self.folder.name}")
            self.command("migrate", "up")
            seeded = self.command("user", "seed", str(self.users))
            if seeded.returncode:
                raise SystemExit(seeded.stderr)
            if self.postgres:
                self.postgres.sql(self.database, "VACUUM ANALYZE")
            marker.touch()
        self.command("user", "create", "--admin", EMAIL, text=PASSWORD)

    def user_path(self):
        return f"/api/users/{self.get('/api/users?limit=1')[0]['id']}"
