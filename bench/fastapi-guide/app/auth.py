"""bcrypt, and access tokens of 30 minutes that are signed with HS256."""

from datetime import UTC, datetime, timedelta

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from passlib.context import CryptContext
from sqlalchemy.orm import Session

from .database import get_db
from .models import User

SECRET_KEY = "a fixed key, for benchmarks only"
ALGORITHM = "HS256"
EXPIRES_IN = timedelta(minutes=30)

passwords = CryptContext(schemes=["bcrypt"])
bearer = HTTPBearer()


def create_access_token(user_id: int) -> str:
    claims = {"sub": str(user_id), "exp": datetime.now(UTC) + EXPIRES_IN}
    return jwt.encode(claims, SECRET_KEY, algorithm=ALGORITHM)


def get_current_user(
    credentials: HTTPAuthorizationCredentials = Depends(bearer), db: Session = Depends(get_db)
) -> User:
    try:
        claims = jwt.decode(credentials.credentials, SECRET_KEY, algorithms=[ALGORITHM])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401, detail="Invalid authentication credentials") from None
    user = db.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user
