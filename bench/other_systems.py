"""Systems with an API of their own, on SQLite: better-auth and PocketBase.

Both have the first users of this server's database, with the same emails and names.
"""

import json
import secrets
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing, suppress

from systems import CONNECTIONS, EMAIL, PASSWORD, WORK, Request, System, post, say


class SqliteSystem(System):
    """A system that is filled from the SQLite database of this server."""

    def __init__(self, port, users, source):
        super().__init__(port, users)
        self.source = source.folder / "data" / "vestibule.db"

    def copy_users(self, table, columns):
        """Inserts users. `columns` has an expression over the columns of this server's table for each column."""
        marker = self.folder / "filled"
        if marker.exists():
            return
        say(f"filling {self.folder.name}")
        with closing(sqlite3.connect(self.database)) as database:
            database.execute("ATTACH ? AS source", [str(self.source)])
            database.execute(
                f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
                f"FROM source.users WHERE email <> '{EMAIL}' ORDER BY id LIMIT {self.users}"
            )
            database.commit()
            database.execute("ANALYZE")
        marker.touch()


class BetterAuth(SqliteSystem):
    """better-auth on Node with its admin plugin, without the optional cache of sessions in cookies."""

    name, alive = "better-auth", "/api/auth/ok"
    header, scheme = "Cookie", "better-auth.session_token="

    def __init__(self, port, users, source):
        super().__init__(port, users, source)
        self.database = self.folder / "better-auth.db"
        key = self.folder / "secret.key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(32))
        self.environment = {
            "DATABASE": str(self.database),
            "PORT": str(port),
            "SECRET": key.read_text(),
            "NODE_ENV": "production",
        }

    def start(self):
        return self.spawn(["node", WORK / "better-auth" / "server.mjs"], self.environment, self.folder)

    def fill(self):
        at = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
        columns = {"id": "lower(hex(randomblob(16)))", "name": "display_name", "email": "email", "emailVerified": "0"}
        self.copy_users("user", columns | {"createdAt": at, "updatedAt": at, "role": "'user'", "banned": "0"})
        with suppress(urllib.error.HTTPError):
            post(f"{self.base}/api/auth/sign-up/email", {"email": EMAIL, "password": PASSWORD, "name": "Bench"})
        with closing(sqlite3.connect(self.database)) as database:
            database.execute("UPDATE user SET role = 'admin' WHERE email = ?", [EMAIL])
            database.commit()

    def new_token(self):
        body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}/api/auth/sign-in/email", body, headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.headers["Set-Cookie"].split(";")[0].removeprefix(self.scheme)

    def requests(self):
        account = lambda email, **more: json.dumps({"email": email, "password": PASSWORD, **more})
        page = "/api/auth/admin/list-users?limit=50"
        users = self.get(page)["users"]
        assert len(users) == 50, users
        return {
            "hello": Request(self.alive, script=None),
            "me": Request("/api/auth/get-session"),
            "user by id": Request(f"/api/auth/admin/get-user?id={users[0]['id']}"),
            "page": Request(page),
            "search": Request(f"{page}&searchField=email&searchOperator=starts_with&searchValue=ada.love"),
            "sign in": Request("/api/auth/sign-in/email", "sign_in.lua", account(EMAIL)),
            "sign up": Request("/api/auth/sign-up/email", "sign_up.lua", account("NEW@example.com", name="New")),
        }


class PocketBase(SqliteSystem):
    """PocketBase. A user reads their own record; a superuser, whom no rules restrict, reads those of all users."""

    name, alive = "pocketbase", "/api/health"

    def __init__(self, port, users, source):
        super().__init__(port, users, source)
        self.binary = WORK / "pocketbase-venv" / "bin" / "pocketbase"
        self.database = self.folder / "data.db"

    def start(self):
        if not self.database.exists():
            line = [self.binary, "superuser", "create", EMAIL, PASSWORD, "--dir", self.folder]
            subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        line = [self.binary, "serve", "--http", f"127.0.0.1:{self.port}", "--dir", self.folder, "--automigrate=false"]
        return self.spawn(line, {}, self.folder)

    def fill(self):
        at = "strftime('%Y-%m-%d %H:%M:%fZ', 'now')"
        columns = {"email": "email", "name": "display_name", "password": "'x'", "created": at, "updated": at}
        self.copy_users("users", columns | {"tokenKey": "lower(hex(randomblob(25)))"})
        with suppress(urllib.error.HTTPError):
            account = {"email": EMAIL, "password": PASSWORD, "passwordConfirm": PASSWORD}
            post(f"{self.base}/api/collections/users/records", account)
        self.tokens = [self.new_token()]
        self.configure()

    def configure(self):
        """Turns off the log of requests and the email after a sign-in from a new device."""
        self.patch("/api/settings", {"logs": {"maxDays": 0}})
        self.patch("/api/collections/users", {"authAlert": {"enabled": False}})
        self.patch("/api/collections/_superusers", {"authAlert": {"enabled": False}})

    def patch(self, path, body):
        headers = {"Content-Type": "application/json", self.header: self.scheme + self.tokens[0]}
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), headers, method="PATCH")
        urllib.request.urlopen(request, timeout=30).close()

    def new_token(self):
        return self.signed_in("_superusers")["token"]

    def signed_in(self, collection):
        path = f"{self.base}/api/collections/{collection}/auth-with-password"
        return post(path, {"identity": EMAIL, "password": PASSWORD})

    def requests(self):
        users = "/api/collections/users"
        sessions = [self.signed_in("users") for _ in range(CONNECTIONS)]
        me, tokens = sessions[0]["record"]["id"], [session["token"] for session in sessions]
        # With the total, every page would count the whole table.
        page = f"{users}/records?perPage=50&skipTotal=true"
        records = self.get(page)["items"]
        assert len(records) == 50, records
        own = {"identity": EMAIL, "password": PASSWORD}
        new = {"email": "NEW@example.com", "password": PASSWORD, "passwordConfirm": PASSWORD}
        return {
            "hello": Request(self.alive, script=None),
            "me": Request(f"{users}/records/{me}", tokens=tokens),
            "user by id": Request(f"{users}/records/{records[0]['id']}"),
            "page": Request(page),
            "search": Request(f"{page}&filter=email~%22ada.love%25%22"),
            "sign in": Request(f"{users}/auth-with-password", "sign_in.lua", json.dumps(own)),
            "sign up": Request(f"{users}/records", "sign_up.lua", json.dumps(new)),
        }
