#!/usr/bin/env python3
"""Measures a failover of two PostgreSQL servers under Patroni, with HAProxy in front or several hosts in the URL.

Requires Debian's packages postgresql, haproxy, etcd-server and python3-venv, and target/release/vestibule (or the
binary in VESTIBULE). Everything runs on 127.0.0.1 in a temporary folder and stops with this script. While clients
sign up users, the script kills the primary (SIGKILL) and, once both servers are back, requests a switchover. It prints
the seconds without an acknowledged write, and the number of acknowledged users that are lost, which must be 0.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / "target" / "failover" / "venv"
PACKAGES = ["patroni[etcd3]==4.1.5", "psycopg[binary]==3.2.13"]
NODES = {"one": (5532, 8108), "two": (5533, 8109)}
ETCD, ETCD_PEER, PROXY, SERVER = 5110, 5111, 5500, 8090
CONFIG = """
scope: vestibule
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 3
    synchronous_mode: true
    postgresql: {{use_pg_rewind: true, parameters: {{wal_log_hints: "on"}}}}
  initdb: [encoding: UTF8, data-checksums]
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: "{folder}/data-{name}"
  bin_dir: "{bin}"
  pgpass: "{folder}/pgpass-{name}"
  authentication: {{superuser: {{username: postgres}}, replication: {{username: postgres}}, rewind: {{username: postgres}}}}
  parameters: {{unix_socket_directories: "{folder}"}}
"""
HAPROXY = """
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
listen primary
  bind 127.0.0.1:{proxy}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 1s fastinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


def as_postgres(command):
    """Returns the command to run as the user postgres if this script runs as root, which PostgreSQL rejects."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.getuid() == 0 else command


class Cluster:
    def __init__(self, folder):
        self.folder, self.processes = folder, {}
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        for name, (port, rest) in NODES.items():
            text = CONFIG.format(name=name, port=port, rest=rest, etcd=ETCD, folder=folder, bin=self.bin)
            (folder / f"{name}.yml").write_text(text)
        servers = (f"  server {name} 127.0.0.1:{port} check port {rest}" for name, (port, rest) in NODES.items())
        (folder / "haproxy.cfg").write_text(HAPROXY.format(proxy=PROXY, servers="\n".join(servers)))
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        client, peer = f"http://127.0.0.1:{ETCD}", f"http://127.0.0.1:{ETCD_PEER}"
        self.start("etcd", ["etcd", "--data-dir", str(folder / "etcd"), "--listen-client-urls", client, "--advertise-client-urls", client,
                            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"])
        for name in NODES:
            self.start_node(name)
        wait_for(lambda: self.leader() is not None, 120, "a primary")
        self.start("haproxy", ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")])
        self.wait_until_synchronous()

    def start_node(self, name):
        self.start(name, as_postgres([str(VENV / "bin/patroni"), str(self.folder / f"{name}.yml")]))

    def start(self, name, command):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=self.folder)

    def leader(self):
        return next((name for name, (_, rest) in NODES.items() if status(f"http://127.0.0.1:{rest}/primary") == 200), None)

    def wait_until_synchronous(self):
        def is_synchronous():
            leader = self.leader()
            others = [rest for name, (_, rest) in NODES.items() if name != leader]
            return leader and all(status(f"http://127.0.0.1:{rest}/sync") == 200 for rest in others)
        wait_for(is_synchronous, 90, "a synchronous standby")

    def kill_primary(self):
        name = self.leader()
        pid = int((self.folder / f"data-{name}" / "postmaster.pid").read_text().splitlines()[0])
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        for child in (self.processes[name].pid, pid):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.processes[name].wait()
        return name

    def switch_over(self):
        leader = self.leader()
        port = NODES[leader][1]
        target = next(name for name in NODES if name != leader)
        body = json.dumps({"leader": leader, "candidate": target}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/switchover", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60):
            pass

    def stop(self):
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def status(url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="GET"), timeout=2) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not appear within {seconds} s")
        time.sleep(0.2)


class Load:
    """Clients that sign up users until they are stopped."""

    def __init__(self, clients=4):
        self.acknowledged, self.errors, self.is_over, self.count = [], {}, False, 0
        self.lock = threading.Lock()
        self.clients = [threading.Thread(target=self.run, daemon=True) for _ in range(clients)]
        for client in self.clients:
            client.start()

    def run(self):
        while not self.is_over:
            with self.lock:
                self.count += 1
                email = f"user-{self.count}@example.com"
            body = json.dumps({"email": email, "password": "correct horse battery"}).encode()
            request = urllib.request.Request(f"http://127.0.0.1:{SERVER}/api/users", body, {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    code = response.status
            except urllib.error.HTTPError as error:
                code = error.code
            with self.lock:
                if code == 201:
                    self.acknowledged.append((time.monotonic(), email))
                else:
                    self.errors[code] = self.errors.get(code, 0) + 1
            time.sleep(0.02)

    def pause_after(self, moment):
        """Returns the longest gap between acknowledged writes after a moment, in seconds."""
        wait_for(lambda: any(at > moment + 3 for at, _ in self.acknowledged), 120, "an acknowledged write")
        time.sleep(3)
        times = sorted(at for at, _ in self.acknowledged if at > moment - 1)
        return max(later - earlier for earlier, later in zip(times, times[1:]))


def stored_emails():
    python = str(VENV / "bin/python")
    code = f"import psycopg; c = psycopg.connect('host=127.0.0.1 port={PROXY} user=postgres dbname=vestibule'); " \
           "print('\\n'.join(r[0] for r in c.execute('SELECT email FROM users')))"
    return set(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def measure(folder, cluster, name, url):
    program = os.environ.get("VESTIBULE", str(ROOT / "target/release/vestibule"))
    settings = {
        "DATABASE_URL": url, "VESTIBULE_SECRET_KEY": "a key for one measurement, 0123456789",
        "VESTIBULE_ADDR": f"127.0.0.1:{SERVER}", "VESTIBULE_MANAGEMENT_ADDR": "off", "VESTIBULE_BCRYPT_COST": "4",
        "VESTIBULE_RATE_LIMITS": "off", "VESTIBULE_MAIL_URL": f"file:{folder}/mail", "RUST_LOG": "warn",
    }
    log = open(folder / f"vestibule-{name}.log", "wb")
    server = subprocess.Popen([program], env={**os.environ, **settings}, stdout=log, stderr=log, cwd=folder)
    try:
        ready = f"http://127.0.0.1:{SERVER}/health/ready"
        wait_for(lambda: status(ready) == 200, 30, "a ready server")
        load = Load()
        time.sleep(5)
        moment = time.monotonic()
        killed = cluster.kill_primary()
        wait_for(lambda: cluster.leader() not in (None, killed), 90, "a new primary")
        promoted = time.monotonic()
        crash = load.pause_after(moment)
        behind = min(at for at, _ in load.acknowledged if at > moment + 1) - promoted
        cluster.start_node(killed)
        cluster.wait_until_synchronous()
        moment = time.monotonic()
        cluster.switch_over()
        switch = load.pause_after(moment)
        wait_for(lambda: status(ready) == 200, 30, "a ready server")
        load.is_over = True
        for client in load.clients:
            client.join()
        cluster.wait_until_synchronous()
        stored = stored_emails()
        lost = [email for _, email in load.acknowledged if email not in stored]
        print(f"{name}: no writes for {crash:.1f} s after a crash, {max(behind, 0):.1f} s of that after the promotion, "
              f"and for {switch:.1f} s in a switchover; "
              f"{len(load.acknowledged)} acknowledged, {len(lost)} lost, error responses {load.errors}", flush=True)
        return not lost and set(load.errors) <= {503}
    finally:
        server.terminate()
        server.wait(30)


def main():
    if not (VENV / "bin/patroni").exists():
        # The system's Python, which the user postgres can run too.
        subprocess.run(["/usr/bin/python3", "-m", "venv", VENV], check=True)
        subprocess.run([VENV / "bin/pip", "install", "--quiet", *PACKAGES], check=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vestibule-failover-", dir="/tmp"))
    cluster = None
    try:
        cluster = Cluster(folder)
        hosts = ",".join(f"127.0.0.1:{port}" for port, _ in NODES.values())
        urls = {
            "HAProxy": f"postgres://postgres@127.0.0.1:{PROXY}/vestibule",
            "several hosts": f"postgres://postgres@{hosts}/vestibule?target_session_attrs=read-write",
        }
        passed = True
        for name, url in urls.items():
            create = [str(cluster.bin / "psql"), "-qh", "127.0.0.1", "-p", str(PROXY), "-U", "postgres",
                      "-c", "DROP DATABASE IF EXISTS vestibule WITH (FORCE)", "-c", "CREATE DATABASE vestibule"]
            subprocess.run(create, check=True)
            passed = measure(folder, cluster, name, url) and passed
        return 0 if passed else 1
    finally:
        if cluster:
            cluster.stop()
        if os.environ.get("KEEP"):
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
