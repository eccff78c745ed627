//! Sessions: signing in, staying signed in, signing out.

mod authenticate;
mod error;
mod limit;
mod list;
mod manage;
mod model;
mod purge;
mod refresh;
mod repo;
mod rotation;
mod sign_in;
mod sign_out;
mod tokens;

pub use authenticate::{AuthenticationError, Caller, authenticate};
pub use error::SessionError;
pub use limit::MAX_LIVE_SESSIONS;
pub use list::{list, list_of_user};
pub use manage::{count, end, end_any, end_of_user, end_others};
pub use model::{Device, Session, SessionRow, SessionSecret};
pub use purge::purge;
pub use refresh::refresh;
pub use repo::{LiveCaller, SessionRepo};
pub use sign_in::{SignIn, sign_in};
pub use sign_out::{SignOut, sign_out};
pub use tokens::{
    AccessClaims, AccessTokens, ClaimedTimesError, REFRESH_TOKEN_BYTES, RefreshToken, TokenError, TokenPair,
};
