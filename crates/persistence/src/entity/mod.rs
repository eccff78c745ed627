//! The tables, one file each.
#![expect(
    unreachable_pub,
    reason = "the derived code and its fields are public by design of SeaORM"
)]

pub(crate) mod audit_event;
pub(crate) mod credential;
pub(crate) mod installation;
pub(crate) mod kept_request;
pub(crate) mod mail;
pub(crate) mod one_time_token;
pub(crate) mod role;
pub(crate) mod role_permission;
pub(crate) mod session;
pub(crate) mod throttle;
pub(crate) mod user;
pub(crate) mod user_role;
pub(crate) mod user_term;
