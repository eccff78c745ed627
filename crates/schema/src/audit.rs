//! Audit events.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{
    AUDIT_TARGET_KINDS, ActorKind, AuditAction, AuditEvent, AuditFilter, ClientInfo, Detail, Device, EventTarget, Id,
    User, audit_actions,
};

use crate::{
    ListQuery, RequestErrors,
    name::{names_schema, open_names},
    time,
};

/// An event in the audit log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditEvent, example = json!({
    "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
    "occurred_at": "2026-11-24T09:00:00.000000Z",
    "action": "role.assigned",
    "actor": { "kind": "user", "id": "01933b1e-7c00-7000-8000-000000000001" },
    "target": { "kind": "user", "id": "01933b1e-7c00-7000-8000-000000000002" },
    "ip_address": "192.0.2.7",
    "user_agent": "curl/8.9.1",
    "request_id": "01933b1e7c0070008000000000000000",
    "details": { "given": ["admin"] }
}))]
pub struct AuditEventResponse {
    /// The identifier of the event, a version 7 UUID.
    pub id: Uuid,
    /// The time of the event.
    #[serde(serialize_with = "time::serialize")]
    pub occurred_at: DateTime<Utc>,
    /// The action, as `resource.verb`.
    #[schema(schema_with = open_names::<ActionName>)]
    pub action: String,
    /// The actor of the event.
    pub actor: EventActorResponse,
    /// The target of the event, which may have been deleted.
    #[schema(required)]
    pub target: Option<EventTargetResponse>,
    /// The IP address of the client.
    #[schema(required)]
    pub ip_address: Option<String>,
    /// The `User-Agent` of the client.
    #[schema(required)]
    pub user_agent: Option<String>,
    /// The identifier of the request, as in the log.
    #[schema(required)]
    pub request_id: Option<String>,
    /// Further details by name: text, numbers and lists of names.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    pub details: BTreeMap<String, DetailResponse>,
}

/// The actor of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EventActor, example = json!({ "kind": "user", "id": "01933b1e-7c00-7000-8000-000000000001" }))]
pub struct EventActorResponse {
    /// The kind of actor.
    #[schema(schema_with = open_names::<ActorKindName>)]
    pub kind: String,
    /// The identifier of the user, who may have been deleted; `null` for any other kind.
    #[schema(required)]
    pub id: Option<Uuid>,
}

/// The target of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EventTarget, example = json!({ "kind": "user", "id": "01933b1e-7c00-7000-8000-000000000002" }))]
pub struct EventTargetResponse {
    /// The kind of resource.
    #[schema(schema_with = open_names::<TargetKindName>)]
    pub kind: String,
    /// The identifier of the target.
    pub id: Uuid,
}

/// A detail of an event.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum DetailResponse {
    /// Text.
    Text(String),
    /// A number.
    Count(u64),
    /// A list of names.
    Names(Vec<String>),
    /// A value of a different type, recorded by a newer version.
    Json(serde_json::Value),
}

impl From<AuditEvent> for AuditEventResponse {
    fn from(event: AuditEvent) -> Self {
        let AuditEvent {
            id,
            occurred_at,
            action,
            actor,
            target,
            client:
                ClientInfo {
                    device: Device { user_agent, ip_address },
                    request_id,
                },
            details,
        } = event;
        Self {
            id: id.as_uuid(),
            occurred_at,
            action: action.into_owned(),
            actor: EventActorResponse {
                kind: actor.kind().to_owned(),
                id: actor.id(),
            },
            target: target.map(|EventTarget { kind, id }| EventTargetResponse {
                kind: kind.into_owned(),
                id,
            }),
            ip_address,
            user_agent,
            request_id,
            details: details
                .into_iter()
                .map(|(name, detail)| (name, detail.into()))
                .collect(),
        }
    }
}

impl From<Detail> for DetailResponse {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Text(text) => Self::Text(text),
            Detail::Count(count) => Self::Count(count),
            Detail::Names(names) => Self::Names(names),
            Detail::Json(json) => Self::Json(serde_json::from_str(&json).unwrap_or_default()),
        }
    }
}

/// Filters of a list of audit events.
#[derive(Debug, Default, Deserr, IntoParams)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAuditEventsQuery {
    /// Only events with this user as the actor.
    #[deserr(default)]
    #[param(value_type = Option<Uuid>, example = "01933b1e-7c00-7000-8000-000000000001")]
    pub actor: Option<Id<User>>,
    /// Only events with this action.
    #[deserr(default)]
    #[param(value_type = Option<ActionName>)]
    pub action: Option<AuditAction>,
    /// Only events with this target.
    #[deserr(default)]
    #[param(example = "01933b1e-7c00-7000-8000-000000000002")]
    pub target: Option<Uuid>,
    /// Only events at or after this time, in RFC 3339 format.
    #[deserr(default)]
    #[param(example = "2026-11-24T00:00:00Z")]
    pub from: Option<DateTime<Utc>>,
    /// Only events before this time, in RFC 3339 format.
    #[deserr(default)]
    #[param(example = "2026-11-25T00:00:00Z")]
    pub to: Option<DateTime<Utc>>,
}

impl ListQuery for ListAuditEventsQuery {
    type Filter = AuditFilter;
    type Order = ();
    type Position = Id<AuditEvent>;

    fn into_criteria(self) -> (AuditFilter, ()) {
        let Self {
            actor,
            action,
            target,
            from,
            to,
        } = self;
        let filter = AuditFilter {
            actor,
            action,
            target,
            from,
            to,
        };
        (filter, ())
    }
}

names_schema!(
    /// An action in the audit log, as `resource.verb`.
    pub ActionName as "AuditAction" = audit_actions().into_iter().map(AuditAction::name)
);
names_schema!(
    /// A kind of actor: `cli` is an operator at the command line, `system` the server itself.
    pub ActorKindName as "ActorKind" = ActorKind::ALL.iter().map(|kind| kind.as_str())
);
names_schema!(
    /// A kind of resource that an event affected.
    pub TargetKindName as "TargetKind" = AUDIT_TARGET_KINDS.iter().copied()
);
