//! The migrations of the database, each of which can be applied and rolled back.
//!
//! To add a migration, add its file to this folder and its name to the list below. A released migration never changes.

mod columns;
mod m20261124_000001_create_roles;
mod m20261124_000002_create_users;
mod m20261124_000003_create_credentials;
mod m20261124_000004_create_sessions;
mod m20261124_000005_create_installation;
mod m20261124_000006_create_audit_events;
mod m20261124_000007_create_throttles;
mod m20261124_000008_create_one_time_tokens;
mod m20261124_000009_create_mails;
mod m20261124_000010_create_kept_requests;
mod m20261127_000001_add_delivery_priority;
mod m20261127_000002_bound_sessions;
mod m20261127_000012_add_name_version_to_roles;
mod m20261128_000001_use_standard_names;
mod m20261128_000002_add_second_factors;

vestibule_migrate::migrator! {
    /// The migrations, oldest first.
    pub struct Migrator;
    m20261124_000001_create_roles,
    m20261124_000002_create_users,
    m20261124_000003_create_credentials,
    m20261124_000004_create_sessions,
    m20261124_000005_create_installation,
    m20261124_000006_create_audit_events,
    m20261124_000007_create_throttles,
    m20261124_000008_create_one_time_tokens,
    m20261124_000009_create_mails,
    m20261124_000010_create_kept_requests,
    m20261127_000001_add_delivery_priority,
    m20261127_000002_bound_sessions,
    m20261127_000012_add_name_version_to_roles,
    m20261128_000001_use_standard_names,
    m20261128_000002_add_second_factors,
}
