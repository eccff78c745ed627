// better-auth with its admin plugin on SQLite, without rate limits. In one process, because with several, concurrent
// sign-ups fail with SQLITE_BUSY_SNAPSHOT.
import { createServer } from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { admin } from "better-auth/plugins";
import Database from "better-sqlite3";

const { DATABASE, PORT, SECRET } = process.env;
const database = new Database(DATABASE);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = NORMAL");

const options = {
  database,
  secret: SECRET,
  baseURL: `http://127.0.0.1:${PORT}`,
  emailAndPassword: { enabled: true },
  plugins: [admin()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};

const { runMigrations } = await getMigrations(options);
await runMigrations();
createServer(toNodeHandler(betterAuth(options))).listen(Number(PORT), "127.0.0.1");
