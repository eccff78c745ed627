//! Rows of the `users` table. One statement reads a user with the names of the user's roles.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    DbErr, QueryResult,
    sea_query::{Query, SelectStatement},
};
use vestibule_domain::{DisplayName, EmailAddress, Id, Status, Timestamp, User};

use crate::{
    entity::user::{ActiveModel, Column, Entity},
    repo::{
        read_version,
        roles_aggregates::{read_role_names, select_role_names},
    },
};

/// The columns that [`read_user`] reads, in its order, followed by the names of the roles.
const COLUMNS: [Column; 9] = [
    Column::Id,
    Column::Email,
    Column::NormalizedEmail,
    Column::DisplayName,
    Column::Status,
    Column::EmailVerified,
    Column::Version,
    Column::CreatedAt,
    Column::UpdatedAt,
];

/// The index of the user's ID.
pub(super) const ID: usize = 0;

/// The index of the user's normalized email address.
pub(super) const NORMALIZED_EMAIL: usize = 2;

/// The number of columns that [`read_user`] reads.
pub(super) const WIDTH: usize = COLUMNS.len() + 1;

/// Returns a statement that reads users with [`read_user`].
pub(super) fn select_users() -> SelectStatement {
    let mut select = Query::select();
    add_user_columns(&mut select);
    select.from(Entity).take()
}

/// Adds the columns that [`read_user`] reads to a statement.
pub(super) fn add_user_columns(select: &mut SelectStatement) {
    select
        .columns(COLUMNS.map(|column| (Entity, column)))
        .expr(select_role_names((Entity, Column::Id)));
}

/// Reads the user whose columns start at an index of a row.
pub(super) fn read_user(row: &QueryResult, start: usize) -> Result<User, DbErr> {
    let version: i64 = row.try_get_by_index(start + 6)?;
    let roles: Option<String> = row.try_get_by_index(start + COLUMNS.len())?;
    let roles = read_role_names(roles.as_deref());
    Ok(User {
        id: Id::from_uuid(row.try_get_by_index(start)?),
        email: EmailAddress::new_unchecked(row.try_get_by_index(start + 1)?, row.try_get_by_index(start + 2)?),
        display_name: row
            .try_get_by_index::<Option<String>>(start + 3)?
            .map(DisplayName::new_unchecked),
        status: Status::new_unchecked(row.try_get_by_index(start + 4)?),
        email_verified: row.try_get_by_index(start + 5)?,
        version: read_version(version.saturating_add(roles.version)),
        roles: roles.names,
        created_at: row.try_get_by_index::<Timestamp>(start + 7)?,
        updated_at: row.try_get_by_index::<Timestamp>(start + 8)?,
    })
}

/// Converts a user to a row, without the time of the last sign-in, which only sign-ins write.
pub(super) fn to_row(user: &User) -> ActiveModel {
    let User {
        id,
        email,
        display_name,
        status,
        email_verified,
        roles: _,
        version,
        created_at,
        updated_at,
    } = user;
    ActiveModel {
        id: Set(id.as_uuid()),
        email: Set(email.as_str().to_owned()),
        normalized_email: Set(email.normalized().as_str().to_owned()),
        display_name: Set(display_name.as_ref().map(DisplayName::as_str).map(str::to_owned)),
        status: Set(status.as_str().to_owned()),
        email_verified: Set(*email_verified),
        version: Set(version.get().into()),
        created_at: Set(*created_at),
        updated_at: Set(*updated_at),
        last_sign_in_at: NotSet,
    }
}
