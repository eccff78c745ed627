//! Session lookups for authentication, which every authenticated request needs.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::LazyLock,
};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Deserialize;
use uuid::Uuid;
use vestibule_domain::{
    AuthenticatedSession, CurrentPermissions, Id, Permissions, Session, StoreResult, Timestamp, TokenPurpose,
};

use crate::{
    batch_loader::{Batch, Lookup},
    error::{IntoStoreResult, store_error},
    repo::{
        role_permissions::{PERMISSIONS, read_permissions},
        row_query::{Column, Columns, RowQuery, Unreadable, boolean},
        users_row::{JOIN_ROLES, StoredUser, USER_COLUMNS},
    },
};

/// A session as stored, with its user and one of the user's roles.
#[derive(Debug, FromQueryResult, Deserialize)]
struct StoredSession {
    session_id: Uuid,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    /// `None` once the user was deleted.
    #[sea_orm(nested)]
    user: Option<StoredUser>,
    /// The permissions of the role.
    permissions: Option<String>,
    /// True if the role requires a second factor that the user does not have.
    #[serde(deserialize_with = "boolean")]
    withheld: bool,
    /// The address is not parsed: it is only displayed, and a different version of the program may have accepted it.
    pending_email: Option<String>,
    pending_email_expires_at: Option<Timestamp>,
}

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    Columns::new(&[
        Column::Uuid("session_id", "sessions.id"),
        Column::Value("expires_at", "sessions.expires_at"),
        Column::Value("revoked_at", "sessions.revoked_at"),
        Column::OptionalRow("users.id", USER_COLUMNS),
        Column::Value("permissions", PERMISSIONS),
        Column::Value("withheld", WITHHELD),
        Column::Value("pending_email", "one_time_tokens.email"),
        Column::Value("pending_email_expires_at", "one_time_tokens.expires_at"),
    ])
});

/// The lookup of sessions with their users and the users' permissions.
pub(crate) struct SessionLookup;

impl Lookup for SessionLookup {
    type Resource = Session;
    type Found = AuthenticatedSession;

    async fn load(db: &impl ConnectionTrait, ids: &[Id<Session>]) -> StoreResult<Batch<Self>> {
        let mut query = RowQuery::default();
        let ids = query.bind_ids(ids);
        query.from = format!(
            "FROM sessions LEFT JOIN users ON users.id = sessions.user_id LEFT JOIN one_time_tokens \
             ON one_time_tokens.user_id = sessions.user_id AND one_time_tokens.purpose = '{CHANGE_EMAIL}' \
             {JOIN_ROLES} WHERE sessions.id IN ({ids})"
        );
        let rows = query.fetch_all(db, &COLUMNS).await.into_store_result()?;
        combine(rows).into_store_result()
    }
}

/// The condition that the role of the row requires a second factor that the user does not have.
const WITHHELD: &str = "COALESCE(roles.requires_second_factor AND NOT users.has_second_factor, FALSE)";

/// The purpose of the token that confirms a new email address.
const CHANGE_EMAIL: &str = TokenPurpose::ChangeEmail.as_str();

/// Combines the rows of each session. An unreadable session fails only its own lookups.
fn combine(rows: Vec<Result<StoredSession, Box<Unreadable>>>) -> Result<Batch<SessionLookup>, DbErr> {
    let mut sessions: Batch<SessionLookup> = HashMap::new();
    for row in rows {
        match row {
            Ok(row) => match sessions.entry(Id::from_uuid(row.session_id)) {
                Entry::Vacant(entry) => drop(entry.insert(Ok(row.into()))),
                Entry::Occupied(mut entry) => {
                    if let Ok(session) = entry.get_mut() {
                        row.add_role_to(session);
                    }
                }
            },
            Err(unreadable) => {
                let Unreadable { row, error } = *unreadable;
                let id = Id::from_uuid(row.try_get("", "session_id")?);
                sessions.insert(id, Err(store_error(error)));
            }
        }
    }
    Ok(sessions)
}

impl StoredSession {
    /// Returns the permissions of the role of this row.
    fn permissions_of_role(&self) -> CurrentPermissions {
        let role = self.user.as_ref().and_then(|user| user.role_name.as_deref());
        let permissions = read_permissions(role, self.permissions.as_deref());
        if self.withheld {
            CurrentPermissions {
                in_force: Permissions::none(),
                withheld: Some(permissions),
            }
        } else {
            CurrentPermissions::in_force(permissions)
        }
    }

    /// Adds the role of this row to the session of a previous row.
    fn add_role_to(self, session: &mut AuthenticatedSession) {
        let permissions_of_role = self.permissions_of_role();
        if let (Some(stored), Some((user, permissions))) = (self.user, &mut session.user) {
            stored.add_role_to(user);
            *permissions = permissions.union(&permissions_of_role);
        }
    }
}

impl From<StoredSession> for AuthenticatedSession {
    fn from(stored: StoredSession) -> Self {
        let permissions = stored.permissions_of_role();
        Self {
            expires_at: stored.expires_at,
            revoked_at: stored.revoked_at,
            user: stored.user.map(|user| (user.into(), permissions)),
            pending_email: stored.pending_email.zip(stored.pending_email_expires_at),
        }
    }
}
