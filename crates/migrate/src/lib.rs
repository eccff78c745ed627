//! Runs SeaORM migrations once, in order, alone, and says what became of them.

pub mod sqlite;
