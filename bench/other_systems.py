"""Systems with an API of their own, on SQLite: PocketBase.

They have the first users of this server's database, with the same emails and names.
"""

import json
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
