# A menu over the commands, which all work without `just` as well.

vestibule := "cargo run --quiet --package vestibule-server --"

# List what can be done
default:
    @just --list --unsorted

# Build the web app if it changed and run the server
serve *ARGS:
    cargo xtask serve {{ ARGS }}

# Check everything: format, lints, documentation, boundaries, tests
test:
    cargo xtask test

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
