//! Audit events as rows.

use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, DbErr};
use serde_json::{Map, Value};
use vestibule_domain::{
    Id, Origin,
    audit::{Action, AuditEvent, Detail, EventActor, EventTarget, TargetKind},
    session::Device,
};

use crate::{
    entity::audit_event::{ActiveModel, Model},
    repo::corrupt,
};

/// The detail that tells how many refusals an event stands for.
const COUNT: &str = "count";

pub(super) fn row_of(event: &AuditEvent) -> ActiveModel {
    let AuditEvent {
        id,
        occurred_at,
        action,
        actor,
        target,
        origin: Origin {
            device: Device { user_agent, ip_address },
            request_id,
        },
        details,
    } = event;
    let (actor_kind, actor_id) = match actor {
        EventActor::Anonymous => ("anonymous", None),
        EventActor::User(user) => ("user", Some(user.as_uuid())),
        EventActor::Cli => ("cli", None),
        EventActor::System => ("system", None),
    };
    ActiveModel {
        id: Set(id.as_uuid()),
        occurred_at: Set(*occurred_at),
        action: Set(action.as_str().to_owned()),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(actor_id),
        target_kind: Set(target.map(|target| target.kind.as_str().to_owned())),
        target_id: Set(target.map(|target| target.id)),
        ip_address: Set(ip_address.clone()),
        user_agent: Set(user_agent.clone()),
        request_id: Set(request_id.clone()),
        details: Set(write_details(details)),
        refusal_key: Set(None),
        count: Set(1),
    }
}

pub(super) fn event_of(row: Model) -> Result<AuditEvent, DbErr> {
    let Model {
        id,
        occurred_at,
        action,
        actor_kind,
        actor_id,
        target_kind,
        target_id,
        ip_address,
        user_agent,
        request_id,
        details,
        refusal_key: _,
        count,
    } = row;
    let actor = match (actor_kind.as_str(), actor_id) {
        ("anonymous", None) => EventActor::Anonymous,
        ("user", Some(user)) => EventActor::User(Id::from_uuid(user)),
        ("cli", None) => EventActor::Cli,
        ("system", None) => EventActor::System,
        _ => return Err(corrupt("actor")),
    };
    let target = match (target_kind, target_id) {
        (Some(kind), Some(id)) => {
            let kind = TargetKind::from_name(&kind).ok_or_else(|| corrupt("target"))?;
            Some(EventTarget { kind, id })
        }
        _ => None,
    };
    let mut details = read_details(&details).ok_or_else(|| corrupt("details"))?;
    if count > 1 {
        details.insert(COUNT.to_owned(), Detail::Count(count.unsigned_abs()));
    }
    Ok(AuditEvent {
        id: Id::from_uuid(id),
        occurred_at,
        action: Action::from_name(&action).ok_or_else(|| corrupt("action"))?,
        actor,
        target,
        origin: Origin {
            device: Device { user_agent, ip_address },
            request_id,
        },
        details,
    })
}

fn write_details(details: &BTreeMap<String, Detail>) -> String {
    let value = |detail: &Detail| match detail {
        Detail::Text(text) => Value::from(text.as_str()),
        Detail::Count(count) => Value::from(*count),
        Detail::Names(names) => Value::from(names.clone()),
    };
    let object: Map<_, _> = details
        .iter()
        .map(|(name, detail)| (name.clone(), value(detail)))
        .collect();
    Value::Object(object).to_string()
}

fn read_details(text: &str) -> Option<BTreeMap<String, Detail>> {
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    let detail = |value| {
        Some(match value {
            Value::String(text) => Detail::Text(text),
            Value::Number(number) => Detail::Count(number.as_u64()?),
            Value::Array(names) => {
                let names = names.into_iter().map(|name| name.as_str().map(str::to_owned));
                Detail::Names(names.collect::<Option<_>>()?)
            }
            _ => return None,
        })
    };
    object
        .into_iter()
        .map(|(name, value)| Some((name, detail(value)?)))
        .collect()
}
