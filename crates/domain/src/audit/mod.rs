//! The audit trail: who did what to whom, from where.
//!
//! Every change of a credential, role, status or session writes an event in its own transaction, so that
//! there is no change without one and none without a change. Events hold no address, name or secret.

mod action;
mod event;
mod list;
mod purge;
mod repo;

pub use action::Action;
pub use event::{AuditEvent, Detail, EventAction, EventActor, EventTarget, TargetKind};
pub use list::{AuditError, AuditFilter, ListEvents, list};
pub use purge::purge;
pub use repo::{AuditRepo, Refusals};
