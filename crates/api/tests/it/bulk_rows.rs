//! Rows inserted by SQL, because creating as many through the API takes too long.

use vestibule_testing::{Engine, TestServer};

use crate::support::is_sqlite;

/// Adds sessions of a user without enforcing the limit. Each expires in a day. They were last used one second apart,
/// the last one an hour ago.
pub(crate) async fn add_sessions(server: &TestServer, engine: Engine, email: &str, count: u32) {
    let sql = if is_sqlite(engine) {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO sessions (id, user_id, secret, generation, created_at, last_used_at, expires_at, user_agent, ip_address) \
             SELECT unhex(printf('018f0000%08x', i) || '70008000' || hex(randomblob(4))), users.id, randomblob(32), 0, \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-1 hour', printf('%d seconds', i - {count})), \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-1 hour', printf('%d seconds', i - {count})), \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '+1 day'), 'added', '192.0.2.7' \
             FROM n, users WHERE users.normalized_email = '{email}'"
        )
    } else {
        format!(
            "INSERT INTO sessions (id, user_id, secret, generation, created_at, last_used_at, expires_at, user_agent, ip_address) \
             SELECT ('018f0000' || lpad(to_hex(i), 8, '0') || '70008000' || substr(md5(i::text), 1, 8))::uuid, users.id, \
             decode(md5(i::text) || md5('x' || i), 'hex'), 0, \
             now() - interval '1 hour' + make_interval(secs => i - {count}), \
             now() - interval '1 hour' + make_interval(secs => i - {count}), now() + interval '1 day', 'added', '192.0.2.7' \
             FROM generate_series(1, {count}) AS i, users WHERE users.normalized_email = '{email}'"
        )
    };
    assert_eq!(server.execute(&sql).await, u64::from(count));
}

/// Adds audit events of a user: two thirds are sign-ins, one third are failed sign-ins by anonymous clients.
pub(crate) async fn add_events(server: &TestServer, engine: Engine, email: &str, count: u32) {
    let sql = if is_sqlite(engine) {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO audit_events (id, occurred_at, action, actor_kind, actor_id, target_kind, target_id, ip_address, user_agent, details, count) \
             SELECT unhex(printf('018f0000%08x', i) || '70008000' || hex(randomblob(4))), '2024-05-01 00:00:00+00:00', \
             CASE WHEN i % 3 = 0 THEN 'session.refused' ELSE 'session.started' END, \
             CASE WHEN i % 3 = 0 THEN 'anonymous' ELSE 'user' END, CASE WHEN i % 3 = 0 THEN NULL ELSE users.id END, \
             'user', users.id, '192.0.2.8', 'added', '{{}}', 1 FROM n, users WHERE users.normalized_email = '{email}'"
        )
    } else {
        format!(
            "INSERT INTO audit_events (id, occurred_at, action, actor_kind, actor_id, target_kind, target_id, ip_address, user_agent, details, count) \
             SELECT ('018f0000' || lpad(to_hex(i), 8, '0') || '70008000' || substr(md5(i::text), 1, 8))::uuid, \
             '2024-05-01 00:00:00+00', CASE WHEN i % 3 = 0 THEN 'session.refused' ELSE 'session.started' END, \
             CASE WHEN i % 3 = 0 THEN 'anonymous' ELSE 'user' END, CASE WHEN i % 3 = 0 THEN NULL ELSE users.id END, \
             'user', users.id, '192.0.2.8', 'added', '{{}}', 1 FROM generate_series(1, {count}) AS i, users WHERE users.normalized_email = '{email}'"
        )
    };
    assert_eq!(server.execute(&sql).await, u64::from(count));
}
