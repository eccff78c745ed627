//! Patterns and sets of names in the OpenAPI document. The domain validates the names.

use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema,
        schema::{AnyOfBuilder, Type},
    },
};

/// The name of a role.
#[derive(ToSchema)]
#[schema(as = RoleName, value_type = String, pattern = "^[a-z][a-z0-9_-]{0,39}$", example = "member")]
pub(crate) struct RoleNameForm(#[expect(dead_code, reason = "only describes the format")] String);

/// The name of a permission.
#[derive(ToSchema)]
#[schema(
    as = PermissionName,
    value_type = String,
    pattern = "^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$",
    example = "users:read"
)]
pub(crate) struct PermissionNameForm(#[expect(dead_code, reason = "only describes the format")] String);

/// Declares the schema of a set of names in the OpenAPI document.
macro_rules! names_schema {
    ($(#[doc = $doc:literal])? $visibility:vis $type:ident $(as $title:literal)? = $names:expr) => {
        $(#[doc = $doc])?
        $visibility struct $type;

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    $(.description(Some($doc.trim())))?
                    .enum_values(Some($names))
                    .into()
            }
        }

        impl utoipa::ToSchema for $type {
            $(fn name() -> std::borrow::Cow<'static, str> {
                $title.into()
            })?
        }
    };
}

pub(crate) use names_schema;

/// Returns the schema of a stored name: one of the set `T`, or text, because a newer version may have stored it.
pub(crate) fn open_names<T: ToSchema>() -> RefOr<Schema> {
    let unlisted = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("A name that only a newer version knows"));
    let known = Ref::from_schema_name(T::name());
    AnyOfBuilder::new().item(known).item(unlisted).into()
}

/// Returns the names by which a list can be sorted: each column, and each after a `-` for descending order.
pub(crate) fn sorts<'a>(columns: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = String> {
    let columns = columns.into_iter();
    columns.flat_map(|column| [column.to_owned(), format!("-{column}")])
}
