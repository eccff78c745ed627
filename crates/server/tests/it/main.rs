//! The real program, seen from outside: its commands, its settings, its beginning and its end.

mod commands;
mod lifecycle;
mod support;
