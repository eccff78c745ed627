//! What each command does.

pub(crate) mod check;
pub(crate) mod generate;
pub(crate) mod init;
pub(crate) mod lint;
mod register;
pub(crate) mod run;
pub(crate) mod sql;
