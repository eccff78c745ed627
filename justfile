# A menu over the commands, which all work without `just` as well.

vestibule := "cargo run --quiet --package vestibule-server --"

# List what can be done
default:
    @just --list --unsorted

# Build the web app if it changed and run the server
serve *ARGS:
    cargo xtask serve {{ ARGS }}

# Run the server, and the web app from its sources beside it
dev *ARGS:
    cargo xtask dev {{ ARGS }}

# Check everything: format, lints, documentation, boundaries, tests, the web app
test:
    cargo xtask test

# Check the web app alone, in the browser too
test-web:
    cargo xtask test-web

# Format the code
fmt:
    cargo fmt --all

# Check which crate depends on which (--bless writes down what the domain depends on)
boundaries *ARGS:
    cargo xtask boundaries {{ ARGS }}

# Write docs/openapi.json
openapi:
    cargo xtask openapi

# Migrations of the database: up, down, redo, status, history, current, stamp; upgrade head, downgrade -1
migrate *ARGS="status":
    {{ vestibule }} migrate {{ ARGS }}

# Write a migration from the entities, or `check`, `sql`, `lint` (docs/migrations.md)
schema *ARGS="check":
    cargo migrate {{ ARGS }}

# Users: create EMAIL [--admin], list, set-password EMAIL, disable EMAIL
user *ARGS="list":
    {{ vestibule }} user {{ ARGS }}

# Insert made-up users
seed COUNT="1000":
    {{ vestibule }} user seed {{ COUNT }}

# Print the settings in force, or everything that is wrong
config:
    {{ vestibule }} config check
