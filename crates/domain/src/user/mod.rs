//! Users: who has an account, and what is known of them.

mod access;
mod create;
mod delete;
mod email;
mod error;
mod export;
mod guard;
mod import;
mod list;
mod model;
mod read;
mod repo;
mod search;
mod seed;
mod unacceptable;
mod update;

pub use access::{Access, Obstacle, explain};
pub use create::{NewUser, create};
pub(crate) use create::{account, ids_of, permissions_of, roles_to_give};
pub use delete::{delete, delete_own};
pub use email::{EmailAddress, EmailError, EmailKey};
pub use error::UserError;
pub use export::{Export, UserTimes, export, export_events, export_mails, export_sessions};
pub(crate) use guard::keep_an_administrator;
pub use import::{ImportUser, Imported, import};
pub use list::{ListUsers, UserFilter, UserOrder, UserPosition, list};
pub use model::{DisplayName, Status, User, UserRow};
pub use read::{find_by_email, get};
pub use repo::UserRepo;
pub use search::{SearchPrefix, search_terms};
pub use seed::{SeedUser, seed};
pub use unacceptable::find_unacceptable_emails;
pub use update::{UserChanges, update, update_own};
