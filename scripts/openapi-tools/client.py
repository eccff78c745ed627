"""Calls a server with the client that openapi-python-client generated."""

import os
from http import HTTPStatus

from generated.python_client import AuthenticatedClient, Client
from generated.python_client.api.auth import login
from generated.python_client.api.me import delete_other_sessions
from generated.python_client.api.users import create_user, list_users
from generated.python_client.models import (
    CreateUserRequest,
    FieldCode,
    ListUsersSort,
    LoginRequest,
    Problem,
    ProblemCode,
    Status,
    TokenResponse,
    TokenType,
    User,
)

BASE_URL = os.environ["BASE_URL"]
EMAIL, PASSWORD = "python@example.com", "correct horse battery"

anonymous = Client(base_url=BASE_URL)


def sign_in(email: str, password: str) -> AuthenticatedClient:
    tokens = login.sync(client=anonymous, body=LoginRequest(email=email, password=password))
    assert isinstance(tokens, TokenResponse) and tokens.token_type is TokenType.BEARER
    return AuthenticatedClient(base_url=BASE_URL, token=tokens.access_token)


administrator = sign_in(os.environ["ADMIN_EMAIL"], os.environ["ADMIN_PASSWORD"])
created = create_user.sync(client=administrator, body=CreateUserRequest(email=EMAIL, password=PASSWORD))
assert isinstance(created, User) and created.status is Status.ACTIVE
users = list_users.sync(client=administrator, sort=ListUsersSort.EMAIL, status=Status.ACTIVE)
assert isinstance(users, list) and EMAIL in [user.email for user in users]

user = sign_in(EMAIL, PASSWORD)
rejected = create_user.sync(client=user, body=CreateUserRequest(email="short@example.com", password="short"))
assert isinstance(rejected, Problem) and rejected.code is ProblemCode.VALIDATION_FAILED
assert isinstance(rejected.errors, list)
assert [(error.pointer, error.code) for error in rejected.errors] == [("/password", FieldCode.TOO_SHORT)]

assert delete_other_sessions.sync_detailed(client=user).status_code == HTTPStatus.NO_CONTENT
