//! Rows of the `audit_events` table.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use serde_json::{Map, Value};
use vestibule_domain::{AuditEvent, ClientInfo, Detail, Device, EventActor, EventTarget, Id, Listed};

use crate::entity::audit_event::{ActiveModel, Model};

/// The name of the detail with the number of failed sign-ins that an event summarizes.
const COUNT: &str = "count";

/// The name of the only detail if the stored details are not an object.
const VALUE: &str = "value";

pub(super) fn to_row(event: &AuditEvent) -> ActiveModel {
    let AuditEvent {
        id,
        occurred_at,
        action,
        actor,
        target,
        client: ClientInfo {
            device: Device { user_agent, ip_address },
            request_id,
        },
        details,
    } = event;
    ActiveModel {
        id: Set(id.as_uuid()),
        occurred_at: Set(*occurred_at),
        action: Set(action.clone().into_owned()),
        actor_kind: Set(actor.kind().to_owned()),
        actor_id: Set(actor.id()),
        target_kind: Set(target.as_ref().map(|target| target.kind.clone().into_owned())),
        target_id: Set(target.as_ref().map(|target| target.id)),
        ip_address: Set(ip_address.clone()),
        user_agent: Set(user_agent.clone()),
        request_id: Set(request_id.clone()),
        details: Set(write_details(details)),
        failure_key: Set(None),
        count: Set(1),
    }
}

/// An event in a list.
pub(super) type ListedEvent = Listed<AuditEvent, Id<AuditEvent>>;

/// Converts a row to an event. Actions, actors and targets that only a newer version knows keep their stored names.
pub(super) fn read_event(row: Model) -> AuditEvent {
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
        failure_key: _,
        count,
    } = row;
    let target = target_kind
        .zip(target_id)
        .map(|(kind, id)| EventTarget { kind: kind.into(), id });
    let mut details = read_details(&details);
    if count > 1 {
        details.insert(COUNT.to_owned(), Detail::Count(count.unsigned_abs()));
    }
    AuditEvent {
        id: Id::from_uuid(id),
        occurred_at,
        action: action.into(),
        actor: EventActor::new_unchecked(actor_kind, actor_id),
        target,
        client: ClientInfo {
            device: Device { user_agent, ip_address },
            request_id,
        },
        details,
    }
}

fn write_details(details: &BTreeMap<String, Detail>) -> String {
    let value = |detail: &Detail| match detail {
        Detail::Text(text) => Value::from(text.as_str()),
        Detail::Count(count) => Value::from(*count),
        Detail::Names(names) => Value::from(names.clone()),
        Detail::Json(json) => serde_json::from_str(json).unwrap_or_default(),
    };
    let object: Map<_, _> = details
        .iter()
        .map(|(name, detail)| (name.clone(), value(detail)))
        .collect();
    Value::Object(object).to_string()
}

/// Reads details. If they are not an object, returns them as one detail named [`VALUE`].
fn read_details(text: &str) -> BTreeMap<String, Detail> {
    let single = |detail| BTreeMap::from([(VALUE.to_owned(), detail)]);
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object
            .into_iter()
            .map(|(name, value)| (name, read_detail(value)))
            .collect(),
        Ok(value) => single(read_detail(value)),
        Err(_) => single(Detail::Text(text.to_owned())),
    }
}

fn read_detail(value: Value) -> Detail {
    let json = |value: &Value| Detail::Json(value.to_string());
    match value {
        Value::String(text) => Detail::Text(text),
        Value::Number(number) => number.as_u64().map_or_else(|| json(&number.into()), Detail::Count),
        Value::Array(items) => {
            let names = items.iter().map(|item| item.as_str().map(str::to_owned));
            let names: Option<_> = names.collect();
            names.map_or_else(|| json(&items.into()), Detail::Names)
        }
        other => json(&other),
    }
}
