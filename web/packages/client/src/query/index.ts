export {
  meKeys,
  meQuery,
  useCancelEmailChange,
  useChangePassword,
  useDeleteMe,
  useRequestEmailChange,
  useUpdateMe,
} from "./account.js";
export { type AuditFilters, auditEventsQuery, auditKeys, useAuditEvents } from "./audit.js";
export {
  factorsQuery,
  useAddPasskey,
  useConfirmTotp,
  useCreateTotp,
  useDeletePasskey,
  useDeleteTotp,
  useFactors,
  useReplaceRecoveryCodes,
  useResetUserFactors,
  userFactorsQuery,
  useUpdatePasskey,
  useUserFactors,
} from "./factors.js";
export { itemsOf, type Pages } from "./pagination.js";
export { connectQueryClient, retryTransient } from "./query-client.js";
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
  useMySessions,
  useRevokeMyOtherSessions,
  useRevokeMySession,
  useRevokeSessions,
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
