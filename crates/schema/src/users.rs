//! Users.

use chrono::{DateTime, Utc};
use deserr::{Deserr, ValuePointerRef};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{
    DisplayName, EmailAddress, Id, Password, Patch, Permission, RoleName, SearchPrefix, Status, TextError, User,
    UserFilter, UserOrder, UserPosition, UserRow,
    users::{Access, NewUser, SignInBlocker, UserChanges},
};

use crate::{
    FieldCode, FieldError, ListQuery, RequestErrors, SetsPassword,
    name::{PermissionNameForm, RoleNameForm},
    time,
};

/// The status of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Status)]
pub enum StatusName {
    /// The user may sign in.
    Active,
    /// The user may not sign in.
    Disabled,
}

impl From<Status> for StatusName {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            // A status of a newer version is treated like disabled.
            Status::Disabled | Status::Other(_) => Self::Disabled,
        }
    }
}

/// A user.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = User, example = json!({
    "id": "01933b1e-7c00-7000-8000-2f6e4a1b9c3d",
    "email": "ada@example.com",
    "display_name": "Ada Lovelace",
    "status": "active",
    "email_verified": false,
    "roles": ["member"],
    "created_at": "2026-11-24T09:00:00.000000Z",
    "updated_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct UserResponse {
    /// The identifier of the user, a version 7 UUID.
    pub id: Uuid,
    /// The email address for sign-in, as entered.
    pub email: String,
    /// The display name.
    #[schema(required)]
    pub display_name: Option<String>,
    /// The status of the user.
    pub status: StatusName,
    /// True if the email address is verified.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    #[schema(value_type = Vec<RoleNameForm>)]
    pub roles: Vec<String>,
    /// The time of creation.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    #[serde(serialize_with = "time::serialize")]
    pub updated_at: DateTime<Utc>,
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        let User {
            id,
            email,
            display_name,
            status,
            email_verified,
            roles,
            version: _,
            created_at,
            updated_at,
        } = user;
        Self {
            id: id.as_uuid(),
            email: email.into(),
            display_name: display_name.map(DisplayName::into),
            status: status.into(),
            email_verified,
            roles: roles.into_iter().map(RoleName::into).collect(),
            created_at,
            updated_at,
        }
    }
}

/// A user in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = UserRow)]
pub struct UserRowResponse {
    /// The user.
    #[serde(flatten)]
    pub user: UserResponse,
    /// The time of the last sign-in.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// True if the user was invited and has not set a password yet.
    pub invited: bool,
}

impl From<UserRow> for UserRowResponse {
    fn from(row: UserRow) -> Self {
        let UserRow {
            user,
            last_sign_in_at,
            invited,
        } = row;
        Self {
            user: user.into(),
            last_sign_in_at,
            invited,
        }
    }
}

/// A user to create.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "ada@example.com", "password": "correct horse battery", "display_name": "Ada Lovelace"
}))]
pub struct CreateUserRequest {
    /// The email address for sign-in, at most 254 bytes.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: EmailAddress,
    /// The password, 8 to 128 code points, not a common password. Callers with `users:create` may omit it; the user
    /// then receives a link to set one.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false, min_length = 8, max_length = 128)]
    pub password: Option<String>,
    /// The display name, 1 to 200 code points.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub display_name: Option<DisplayName>,
    /// The names of the roles to assign; `member` by default. Requires `users:create` and `roles:assign`.
    #[deserr(default, from(Vec<RoleName>) = Some)]
    #[schema(nullable = false, value_type = Option<Vec<RoleNameForm>>)]
    pub roles: Option<Vec<RoleName>>,
}

impl SetsPassword for CreateUserRequest {
    const PASSWORD: &'static str = "password";
    const EMAIL: Option<&'static str> = Some("email");
}

impl CreateUserRequest {
    /// Returns the user to create, with the checked password.
    #[must_use]
    pub fn into_new_user(self, password: Option<Password>) -> NewUser {
        let Self {
            email,
            password: _,
            display_name,
            roles,
        } = self;
        NewUser {
            email,
            password,
            display_name,
            roles,
            email_verified: false,
        }
    }
}

/// Changes to a user. Absent members are unchanged.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "disabled" }))]
pub struct UpdateUserRequest {
    /// The display name, 1 to 200 code points; `null` removes it.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub display_name: Patch<DisplayName>,
    /// The status. Disabling a user revokes their sessions.
    #[deserr(default, from(Status) = Some)]
    #[schema(nullable = false, value_type = Option<StatusName>)]
    pub status: Option<Status>,
    /// The email address for sign-in, at most 254 bytes.
    #[deserr(default, from(EmailAddress) = Some)]
    #[schema(nullable = false, value_type = Option<String>, format = "email", max_length = 254)]
    pub email: Option<EmailAddress>,
    /// Marks the email address as verified or unverified. A new address is unverified by default.
    #[deserr(default, from(bool) = Some)]
    #[schema(nullable = false)]
    pub email_verified: Option<bool>,
}

impl From<UpdateUserRequest> for UserChanges {
    fn from(request: UpdateUserRequest) -> Self {
        let UpdateUserRequest {
            display_name,
            status,
            email,
            email_verified,
        } = request;
        Self {
            display_name,
            status,
            email,
            email_verified,
        }
    }
}

/// The roles to assign to a user.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "roles": ["member"] }))]
pub struct AssignRolesRequest {
    /// The names of the roles. All other roles are removed from the user.
    #[schema(value_type = Vec<RoleNameForm>)]
    pub roles: Vec<RoleName>,
}

/// Filters and order of a list of users.
#[derive(Debug, Default, Deserr, IntoParams)]
#[deserr(error = RequestErrors, deny_unknown_fields, validate = reject_sort_with_search -> RequestErrors)]
#[into_params(parameter_in = Query)]
pub struct ListUsersQuery {
    /// A prefix of the email address or of a word of the display name, case-insensitive. Sorts by the matched text.
    #[deserr(default, try_from(&String) = search -> TextError)]
    #[param(value_type = Option<String>, max_length = 100, example = "ada")]
    pub q: Option<SearchPrefix>,
    /// Only users with this status.
    #[deserr(default)]
    #[param(value_type = Option<StatusName>, example = "active")]
    pub status: Option<Status>,
    /// Only users with this role, by name.
    #[deserr(default)]
    #[param(value_type = Option<RoleNameForm>, example = "member")]
    pub role: Option<RoleName>,
    /// Only users with one of these identifiers, separated by commas; at most 100.
    #[deserr(default, try_from(&String) = user_ids -> FieldError)]
    #[param(value_type = Option<String>, example = "01933b1e-7c00-7000-8000-2f6e4a1b9c3d")]
    pub ids: Option<Vec<Id<User>>>,
    /// The order: `created_at`, `-created_at` (newest first, the default), `email` or `-email`. Cannot be combined with
    /// `q`.
    #[deserr(default)]
    #[param(inline)]
    pub sort: Option<UserSort>,
}

/// The order of a list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
pub enum UserSort {
    /// Oldest first.
    #[deserr(rename = "created_at")]
    #[serde(rename = "created_at")]
    CreatedAt,
    /// Newest first.
    #[deserr(rename = "-created_at")]
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// By email address.
    #[deserr(rename = "email")]
    #[serde(rename = "email")]
    Email,
    /// By email address, descending.
    #[deserr(rename = "-email")]
    #[serde(rename = "-email")]
    EmailDescending,
}

impl From<UserSort> for UserOrder {
    fn from(sort: UserSort) -> Self {
        match sort {
            UserSort::CreatedAt => Self::OldestFirst,
            UserSort::CreatedAtDescending => Self::NewestFirst,
            UserSort::Email => Self::Email,
            UserSort::EmailDescending => Self::EmailDescending,
        }
    }
}

impl ListQuery for ListUsersQuery {
    type Filter = UserFilter;
    type Order = UserOrder;
    type Position = UserPosition;

    fn into_criteria(self) -> (UserFilter, UserOrder) {
        let Self {
            q,
            status,
            role,
            ids,
            sort,
        } = self;
        let order = match q {
            Some(prefix) => UserOrder::Matching(prefix),
            None => sort.map(UserOrder::from).unwrap_or_default(),
        };
        (UserFilter { status, role, ids }, order)
    }
}

/// Parses a search. Blank text matches every user.
fn search(text: &str) -> Result<Option<SearchPrefix>, TextError> {
    SearchPrefix::parse(text)
}

/// Parses identifiers that are separated by commas.
fn user_ids(text: &str) -> Result<Option<Vec<Id<User>>>, FieldError> {
    const MAX: usize = 100;
    let ids: Vec<_> = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
    if ids.len() > MAX {
        return Err(FieldError::new(
            FieldCode::TooLong,
            format!("must have at most {MAX} identifiers"),
        ));
    }
    Ok(Some(ids))
}

fn reject_sort_with_search(query: ListUsersQuery, at: ValuePointerRef<'_>) -> Result<ListUsersQuery, RequestErrors> {
    if query.q.is_some() && query.sort.is_some() {
        let detail = "cannot be combined with q, which sorts by the matched text";
        let error = FieldError::new(FieldCode::NotAllowedValue, detail);
        return Err(RequestErrors::new(at.push_key("sort"), error));
    }
    Ok(query)
}

/// The permission to explain.
#[derive(Debug, Default, Deserr, IntoParams)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// The name of the permission.
    #[deserr(default)]
    #[param(value_type = Option<PermissionNameForm>, example = "users:read")]
    pub permission: Option<Permission>,
}

/// An explanation of a user's access.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Access, example = json!({
    "permission": "users:read", "granted": true, "roles": ["admin"],
    "sign_in": { "allowed": false, "reasons": [{ "code": "disabled", "until": null }] },
    "second_factor_enrolment_required": false
}))]
pub struct AccessResponse {
    /// The name of the permission; `null` if none was requested.
    #[schema(required)]
    pub permission: Option<String>,
    /// True if the user has the permission, and it is in force.
    pub granted: bool,
    /// The names of the user's roles that have it.
    pub roles: Vec<String>,
    /// The user's ability to sign in now.
    pub sign_in: SignInResponse,
    /// True if a role of the user requires a second factor, which the user does not have. The permissions of the role are
    /// not in force until then.
    pub second_factor_enrolment_required: bool,
}

/// A user's ability to sign in now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignIn, example = json!({ "allowed": true, "reasons": [] }))]
pub struct SignInResponse {
    /// True if the user can sign in.
    pub allowed: bool,
    /// The reasons why the user cannot sign in; empty if `allowed`.
    pub reasons: Vec<SignInBlockerResponse>,
}

/// A reason that prevents a user from signing in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignInBlocker, example = json!({ "code": "too_many_attempts", "until": "2026-11-24T09:01:00.000000Z" }))]
pub struct SignInBlockerResponse {
    /// The reason. `too_many_attempts` applies only to clients from unknown networks and devices.
    pub code: SignInBlockerCode,
    /// The time when it ends without intervention; `null` if it does not.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub until: Option<DateTime<Utc>>,
}

/// The code of a reason that prevents a user from signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignInBlockerCode {
    /// The user is disabled.
    Disabled,
    /// The email address is not verified.
    EmailNotVerified,
    /// The user has no password.
    NoPassword,
    /// Too many attempts failed.
    TooManyAttempts,
}

impl AccessResponse {
    /// Creates the explanation for a permission.
    #[must_use]
    pub fn new(permission: Option<&Permission>, access: Access) -> Self {
        let Access {
            granted,
            roles,
            sign_in_blockers,
            second_factor_enrolment_required,
        } = access;
        Self {
            permission: permission.map(ToString::to_string),
            granted,
            roles: roles.iter().map(ToString::to_string).collect(),
            sign_in: SignInResponse {
                allowed: sign_in_blockers.is_empty(),
                reasons: sign_in_blockers.into_iter().map(SignInBlockerResponse::from).collect(),
            },
            second_factor_enrolment_required,
        }
    }
}

impl From<SignInBlocker> for SignInBlockerResponse {
    fn from(blocker: SignInBlocker) -> Self {
        let (code, until) = match blocker {
            SignInBlocker::Disabled => (SignInBlockerCode::Disabled, None),
            SignInBlocker::EmailNotVerified => (SignInBlockerCode::EmailNotVerified, None),
            SignInBlocker::NoPassword => (SignInBlockerCode::NoPassword, None),
            SignInBlocker::TooManyAttempts { until } => (SignInBlockerCode::TooManyAttempts, Some(until)),
        };
        Self { code, until }
    }
}
