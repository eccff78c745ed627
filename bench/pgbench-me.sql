SELECT s.expires_at, s.revoked_at, s.user_id,
  (SELECT string_agg(p.permission, ' ') FROM user_roles ur JOIN role_permissions p ON p.role_id = ur.role_id WHERE ur.user_id = s.user_id),
  u.id, u.email, u.normalized_email, u.display_name, u.status, u.email_verified, u.version, u.created_at, u.updated_at,
  (SELECT string_agg(r.name, ' ') FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = s.user_id)
FROM sessions s LEFT JOIN users u ON u.id = s.user_id WHERE s.id = :session::uuid;
