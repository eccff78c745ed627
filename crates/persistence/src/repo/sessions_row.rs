//! Rows of the `sessions` table.

use sea_orm::{
    ActiveValue::Set,
    DbErr, QueryResult,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;
use vestibule_domain::{Device, Id, Listed, Secret, Session, SessionRow};

use crate::{
    entity::session::{ActiveModel, Column, Entity, Model},
    repo::{corrupt, readable},
};

/// A session in a list.
pub(super) type ListedSession = Listed<SessionRow, Id<Session>>;

/// The columns that [`read_row`] reads, in its order.
const ROW: [Column; 8] = [
    Column::Id,
    Column::UserId,
    Column::CreatedAt,
    Column::LastUsedAt,
    Column::ExpiresAt,
    Column::RevokedAt,
    Column::UserAgent,
    Column::IpAddress,
];

/// Returns a statement that reads sessions with [`read_row`], which omits the secret.
pub(super) fn select_rows() -> SelectStatement {
    Query::select().columns(ROW).from(Entity).take()
}

/// Reads a row of a page. An unreadable session is skipped; an unreadable position fails the page.
pub(super) fn read_listed(row: &QueryResult) -> Result<ListedSession, DbErr> {
    let id = Id::from_uuid(row.try_get_by_index(0)?);
    Ok(Listed {
        position: id,
        row: readable("sessions", id, read_row(row)),
    })
}

pub(super) fn read_row(row: &QueryResult) -> Result<SessionRow, DbErr> {
    Ok(SessionRow {
        id: Id::from_uuid(row.try_get_by_index(0)?),
        user: row.try_get_by_index::<Option<Uuid>>(1)?.map(Id::from_uuid),
        created_at: row.try_get_by_index(2)?,
        last_used_at: row.try_get_by_index(3)?,
        expires_at: row.try_get_by_index(4)?,
        revoked_at: row.try_get_by_index(5)?,
        device: Device {
            user_agent: row.try_get_by_index(6)?,
            ip_address: row.try_get_by_index(7)?,
        },
    })
}

pub(super) fn to_row(session: &Session) -> ActiveModel {
    let Session {
        id,
        user,
        secret,
        generation,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        device: Device { user_agent, ip_address },
    } = session;
    ActiveModel {
        id: Set(id.as_uuid()),
        user_id: Set(user.map(|user| user.as_uuid())),
        secret: Set(secret.expose().to_vec()),
        generation: Set((*generation).into()),
        rotated_at: Set(*rotated_at),
        created_at: Set(*created_at),
        last_used_at: Set(*last_used_at),
        expires_at: Set(*expires_at),
        revoked_at: Set(*revoked_at),
        user_agent: Set(user_agent.clone()),
        ip_address: Set(ip_address.clone()),
    }
}

pub(super) fn read_session(row: Model) -> Result<Session, DbErr> {
    let Model {
        id,
        user_id,
        secret,
        generation,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        user_agent,
        ip_address,
    } = row;
    Ok(Session {
        id: Id::from_uuid(id),
        user: user_id.map(Id::from_uuid),
        secret: Secret::new(secret.try_into().map_err(|_| corrupt("session secret"))?),
        generation: u32::try_from(generation).map_err(|_| corrupt("session generation"))?,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        device: Device { user_agent, ip_address },
    })
}
