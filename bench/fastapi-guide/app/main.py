"""The guide's application, with the sign-in that it leaves out and a search to compare with."""

from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy import select
from sqlalchemy.orm import Session

from .auth import create_access_token, get_current_user, passwords
from .database import Base, engine, get_db
from .models import User
from .schemas import Token, UserCreate, UserResponse

Base.metadata.create_all(bind=engine)

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:5173"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


@app.get("/")
def read_root():
    return {"message": "Hello World"}


@app.post("/api/users", response_model=UserResponse, status_code=201)
def create_user(user: UserCreate, db: Session = Depends(get_db)):
    if db.scalar(select(User).where(User.email == user.email)):
        raise HTTPException(status_code=400, detail="Email already registered")
    created = User(email=user.email, hashed_password=passwords.hash(user.password))
    db.add(created)
    db.commit()
    db.refresh(created)
    return created


@app.post("/api/auth/login", response_model=Token)
def login(credentials: UserCreate, db: Session = Depends(get_db)):
    user = db.scalar(select(User).where(User.email == credentials.email))
    if user is None or not passwords.verify(credentials.password, user.hashed_password):
        raise HTTPException(status_code=401, detail="Invalid credentials")
    return Token(access_token=create_access_token(user.id))


@app.get("/api/users/me", response_model=UserResponse)
def read_me(user: User = Depends(get_current_user)):
    return user


@app.get("/api/users", response_model=list[UserResponse])
def read_users(q: str | None = None, skip: int = 0, limit: int = 50, db: Session = Depends(get_db)):
    users = select(User).order_by(User.id).offset(skip).limit(limit)
    if q:
        users = users.where(User.email.ilike(f"{q}%"))
    return db.scalars(users).all()


@app.get("/api/users/{user_id}", response_model=UserResponse)
def read_user(user_id: int, db: Session = Depends(get_db)):
    user = db.get(User, user_id)
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user
