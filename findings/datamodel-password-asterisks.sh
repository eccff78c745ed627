#!/usr/bin/env bash
# datamodel-code-generator 0.89.0 with pydantic 2.14.4: `format: password` in an OpenAPI document is a hint for user
# interfaces to hide the text. The generated model has a SecretStr instead of a str, and its `model_dump_json` and
# `model_dump(mode="json")`, which produce the body of a request, replace the password with ten asterisks. So the client
# sends asterisks to the server, which rejects the sign-in or, worse, sets them as the new password. Nothing warns.
# Output seen:
#   with format: {"password":"**********"}
#   without format: {"password":"correct horse"}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check datamodel-code-generator==0.89.0 pydantic==2.14.4
cat > with_format.yaml <<'YAML'
openapi: 3.1.0
info: {title: Finding, version: "1"}
paths: {}
components:
  schemas:
    Login:
      type: object
      required: [password]
      properties:
        password: {type: string, format: password}
YAML
sed 's/, format: password//' with_format.yaml > without_format.yaml
for name in with_format without_format; do
    venv/bin/datamodel-codegen --input $name.yaml --input-file-type openapi --output $name.py \
        --output-model-type pydantic_v2.BaseModel --formatters builtin
done
output=$(venv/bin/python - <<'PYTHON'
import with_format, without_format

for module in (with_format, without_format):
    print(module.__name__.replace("_", " ") + ":", module.Login(password="correct horse").model_dump_json())
PYTHON
)
echo "$output"
[[ $output == $'with format: {"password":"**********"}\nwithout format: {"password":"correct horse"}' ]]
