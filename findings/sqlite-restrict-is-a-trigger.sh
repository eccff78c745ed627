#!/usr/bin/env bash
# SQLite 3.46.1 (apsw 3.46.1.0) and SeaORM 2.0.4. A row that others refer to with ON DELETE RESTRICT cannot be deleted. One
# would expect the extended result code SQLITE_CONSTRAINT_FOREIGNKEY (787), as for every other violated reference. With
# RESTRICT the code is SQLITE_CONSTRAINT_TRIGGER (1811), because SQLite implements the action as a trigger; only the
# default, NO ACTION, has 787. The message is the same. Libraries that map the code 787 alone, such as SeaORM's
# DbErr::sql_err, therefore do not recognize this violation on SQLite, although they do on PostgreSQL. Output seen:
#   NO ACTION: 787 FOREIGN KEY constraint failed
#   RESTRICT: 1811 FOREIGN KEY constraint failed
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.46.1.0
output=$("$folder/venv/bin/python" - <<'PYTHON'
import apsw

for action in ("NO ACTION", "RESTRICT"):
    db = apsw.Connection(":memory:")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY)")
    db.execute(f"CREATE TABLE projects (owner INTEGER NOT NULL REFERENCES owners (id) ON DELETE {action})")
    db.execute("INSERT INTO owners VALUES (1)")
    db.execute("INSERT INTO projects VALUES (1)")
    try:
        db.execute("DELETE FROM owners")
    except apsw.ConstraintError as error:
        print(action + ":", error.extendedresult, str(error).removeprefix("ConstraintError: "))
PYTHON
)
echo "$output"
[[ $output == $'NO ACTION: 787 FOREIGN KEY constraint failed\nRESTRICT: 1811 FOREIGN KEY constraint failed' ]]
