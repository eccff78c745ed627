export { type AuditFilters, auditEventsQuery, auditKeys, useAuditEvents } from "./audit.js";
export { connectQueryClient } from "./connect.js";
export { itemsOf, type Pages } from "./list.js";
export {
  meKeys,
  meQuery,
  useCancelEmailChange,
  useChangePassword,
  useDeleteMe,
  useMe,
  useRequestEmailChange,
  useUpdateMe,
} from "./me.js";
export { retryTransient } from "./retry.js";
export {
  permissionsQuery,
  roleKeys,
  roleQuery,
  rolesQuery,
  useCreateRole,
  useDeleteRole,
  usePermissions,
  useRole,
  useRoles,
  useUpdateRole,
} from "./roles.js";
export {
  mySessionsQuery,
  sessionsQuery,
  useEndMyOtherSessions,
  useEndMySession,
  useEndSessions,
  useMySessions,
  useSessions,
} from "./sessions.js";
export { settingsKey, settingsQuery, useSettings } from "./settings.js";
export { type UserFilters, userKeys } from "./user-keys.js";
export {
  accessQuery,
  infiniteUsersQuery,
  useAccess,
  useAssignRoles,
  useCreateUser,
  useDeleteUser,
  useInfiniteUsers,
  userQuery,
  usersQuery,
  useUpdateUser,
  useUser,
  useUsers,
} from "./users.js";
