//! Rows of the `sessions` table.

use sea_orm::{ActiveValue::Set, DbErr, DerivePartialModel};
use uuid::Uuid;
use vestibule_domain::{AuthMethods, Device, Id, Listed, Secret, Session, SessionRow, Timestamp};

use crate::{
    entity::session::{ActiveModel, Entity, Model},
    repo::corrupt,
};

/// A session in a list.
pub(super) type ListedSession = Listed<SessionRow, Id<Session>>;

/// The columns of a session without its secret.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub(super) struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    user_agent: Option<String>,
    ip_address: Option<String>,
}

/// The columns of a session that identify its device.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub(super) struct DeviceRow {
    user_agent: Option<String>,
    ip_address: Option<String>,
}

pub(super) fn read_row(row: Row) -> SessionRow {
    let Row {
        id,
        user_id,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        user_agent,
        ip_address,
    } = row;
    SessionRow {
        id: Id::from_uuid(id),
        user: user_id.map(Id::from_uuid),
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        device: Device { user_agent, ip_address },
    }
}

pub(super) fn read_device(row: DeviceRow) -> Device {
    let DeviceRow { user_agent, ip_address } = row;
    Device { user_agent, ip_address }
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
        authenticated_at,
        methods,
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
        authenticated_at: Set(Some(*authenticated_at)),
        methods: Set(methods.to_stored()),
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
        authenticated_at,
        methods,
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
        authenticated_at: authenticated_at.unwrap_or(created_at),
        methods: AuthMethods::from_stored(&methods),
        device: Device { user_agent, ip_address },
    })
}
