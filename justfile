# Shortcuts for commands that also work without `just`.

vestibule := "cargo run --quiet --package vestibule-server --"

# List the recipes
default:
    @just --list --unsorted

# Build the web app if it changed and run the server
serve *ARGS:
    cargo xtask serve {{ ARGS }}

# Run the server, and serve the web app from its sources
dev *ARGS:
    cargo xtask dev {{ ARGS }}

# Check everything: format, lints, documentation, boundaries, tests, the web app
test:
    cargo xtask test

# Check only the web app, including browser tests
test-web:
    cargo xtask test-web

# Format the code
fmt:
    cargo fmt --all

# Check dependencies between crates and modules (--bless records those of the domain)
boundaries *ARGS:
    cargo xtask boundaries {{ ARGS }}

# Write docs/openapi.json
openapi:
    cargo xtask openapi

# Database migrations: up, down, redo, status, history, current, stamp; upgrade head, downgrade -1
migrate *ARGS="status":
    {{ vestibule }} migrate {{ ARGS }}

# Write a migration from the entities, or `check`, `sql`, `lint` (docs/migrations.md)
schema *ARGS="check":
    cargo migrate {{ ARGS }}

# Users: create EMAIL [--admin], list, set-password EMAIL, disable EMAIL, enable EMAIL
user *ARGS="list":
    {{ vestibule }} user {{ ARGS }}

# Insert test users
seed COUNT="1000":
    {{ vestibule }} user seed {{ COUNT }}

# Print the settings in effect, or every error
config:
    {{ vestibule }} config check
