//! Users as rows: one statement reads a user with the names of its roles.

use sea_orm::{
    DbErr, QueryResult,
    sea_query::{Query, SelectStatement},
};
use vestibule_domain::{DisplayName, EmailAddress, Id, Status, Timestamp, User};

use crate::{
    entity::user::{Column, Entity},
    repo::{
        names::{read_role_names, role_names_of},
        version_of,
    },
};

/// The columns that [`read_user`] reads, in its order; after them come the names of the roles.
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

/// Places of the columns that place a user in a list.
pub(super) const ID: usize = 0;
pub(super) const EMAIL_KEY: usize = 2;

/// How many columns of a row [`read_user`] takes.
pub(super) const WIDTH: usize = COLUMNS.len() + 1;

/// Starts a statement that reads users.
pub(super) fn select_users() -> SelectStatement {
    let mut select = Query::select();
    add_user_columns(&mut select);
    select.from(Entity).take()
}

/// Adds the columns of a user to a statement that reads more.
pub(super) fn add_user_columns(select: &mut SelectStatement) {
    select
        .columns(COLUMNS.map(|column| (Entity, column)))
        .expr(role_names_of((Entity, Column::Id)));
}

/// Reads the user whose columns begin at this place of a row.
pub(super) fn read_user(row: &QueryResult, at: usize) -> Result<User, DbErr> {
    let version: i64 = row.try_get_by_index(at + 6)?;
    let roles: Option<String> = row.try_get_by_index(at + COLUMNS.len())?;
    let roles = read_role_names(roles.as_deref());
    Ok(User {
        id: Id::from_uuid(row.try_get_by_index(at)?),
        email: EmailAddress::new_unchecked(row.try_get_by_index(at + 1)?, row.try_get_by_index(at + 2)?),
        display_name: row
            .try_get_by_index::<Option<String>>(at + 3)?
            .map(DisplayName::new_unchecked),
        status: Status::new_unchecked(row.try_get_by_index(at + 4)?),
        email_verified: row.try_get_by_index(at + 5)?,
        version: version_of(version.saturating_add(roles.version)),
        roles: roles.names,
        created_at: row.try_get_by_index::<Timestamp>(at + 7)?,
        updated_at: row.try_get_by_index::<Timestamp>(at + 8)?,
    })
}
