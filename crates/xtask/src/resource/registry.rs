//! The lists in which a resource is registered.

use minijinja::{Environment, Value};

use crate::Outcome;
use crate::resource::edit::Edit;
use crate::resource::edit::Place::{self, Before, BeforeObject, Beside, Import, Last, Sorted};

/// A line, or a block of lines, that is added to an existing file.
struct Registration {
    path: &'static str,
    place: Place,
    /// The template of the line, or of the name for [`Place::Import`].
    line: &'static str,
}

const fn registration(path: &'static str, place: Place, line: &'static str) -> Registration {
    Registration { path, place, line }
}

/// The registrations of the Rust part of a resource.
const RUST: &[Registration] = &[
    registration("crates/domain/src/model/mod.rs", Beside("mod "), "mod {{ r.name }};"),
    registration(
        "crates/domain/src/model/mod.rs",
        Beside("pub use "),
        "pub use {{ r.name }}::{List{{ r.Names }}, {{ r.Name }}, {{ r.Name }}Filter, {{ r.Name }}Sort{% for name in own_types %}, {{ name }}{% endfor %}};",
    ),
    registration(
        "crates/domain/src/model/permission.rs",
        Sorted("permissions! {"),
        "    {{ r.NAMES }}_DELETE, {{ r.Names }}Delete = \"{{ r.names }}:delete\", \"Delete {{ r.labels }}\";",
    ),
    registration(
        "crates/domain/src/model/permission.rs",
        Sorted("permissions! {"),
        "    {{ r.NAMES }}_READ, {{ r.Names }}Read = \"{{ r.names }}:read\", \"See {{ r.labels }}\";",
    ),
    registration(
        "crates/domain/src/model/permission.rs",
        Sorted("permissions! {"),
        "    {{ r.NAMES }}_WRITE, {{ r.Names }}Write = \"{{ r.names }}:write\", \"Create and change {{ r.labels }}\";",
    ),
    registration(
        "crates/domain/src/ports/repositories/mod.rs",
        Sorted("repositories! {"),
        "    {{ r.names }}::{{ r.Name }}Repo;",
    ),
    registration(
        "crates/domain/src/features/mod.rs",
        Beside("pub mod "),
        "pub mod {{ r.names }};",
    ),
    registration(
        "crates/domain/src/features/mod.rs",
        Sorted("services::ACTIONS,"),
        "    {{ r.names }}::ACTIONS,",
    ),
    registration(
        "crates/domain/src/features/mod.rs",
        Sorted("audit_targets! {"),
        "    {{ r.Name }};",
    ),
    registration("crates/schema/src/lib.rs", Beside("mod "), "mod {{ r.names }};"),
    registration(
        "crates/schema/src/lib.rs",
        Beside("pub use "),
        "pub use {{ r.names }}::{Create{{ r.Name }}Request, List{{ r.Names }}Query, {{ r.Name }}Response, Update{{ r.Name }}Request};",
    ),
    registration(
        "crates/schema/src/problem.rs",
        Before("NotFound = "),
        "    {{ r.Name }}NotFound = \"{{ r.name }}_not_found\", 404, \"{{ r.Label }} not found\";",
    ),
    registration(
        "crates/persistence/src/entity/mod.rs",
        Last("entities! {"),
        "    {{ r.name }}",
    ),
    registration(
        "crates/persistence/src/repo/mod.rs",
        Beside("mod "),
        "mod {{ r.names }};",
    ),
    registration("crates/api/src/lib.rs", Beside("mod "), "mod {{ r.names }};"),
    registration("crates/api/src/routes.rs", Import("use crate::{"), "{{ r.names }}"),
    registration(
        "crates/api/src/routes.rs",
        Before(".service(scope(\"/roles\")"),
        "        .service(scope(\"/{{ r.path }}\").wrap(from_fn(authentication)).configure({{ r.names }}::routes))",
    ),
    registration(
        "crates/api/src/openapi/info.rs",
        Before("(name = \"audit\""),
        "        (name = \"{{ r.names }}\", description = \"{{ r.Labels }}\"),",
    ),
    registration("migration/src/lib.rs", Beside("mod "), "mod {{ migration }};"),
    registration(
        "migration/src/lib.rs",
        Last("pub struct Migrator;"),
        "    {{ migration }},",
    ),
    registration("crates/api/tests/it/main.rs", Beside("mod "), "mod {{ r.names }};"),
    registration(
        "crates/api/tests/it/authorization_matrix.rs",
        Import("use crate::{"),
        "{{ r.names }}",
    ),
    registration(
        "crates/api/tests/it/authorization_matrix.rs",
        Sorted("let features = ["),
        "        {{ r.names }}::authorization(),",
    ),
    registration(
        "docs/audit.md",
        Sorted("|---|---|"),
        "| `{{ r.name }}.created` | {{ r.Article }} {{ r.label }} was created |",
    ),
    registration(
        "docs/audit.md",
        Sorted("|---|---|"),
        "| `{{ r.name }}.deleted` | {{ r.Article }} {{ r.label }} was deleted |",
    ),
    registration(
        "docs/audit.md",
        Sorted("|---|---|"),
        "| `{{ r.name }}.updated` | {{ r.Article }} {{ r.label }} was updated; `changed` lists the fields |",
    ),
];

/// The registrations of a resource in the client.
const CLIENT: &[Registration] = &[
    registration(
        "web/packages/client/src/index.ts",
        Sorted("Access,"),
        "  Create{{ r.Name }}Request,",
    ),
    registration("web/packages/client/src/index.ts", Sorted("Access,"), "  {{ r.Name }},"),
    registration(
        "web/packages/client/src/index.ts",
        Sorted("Access,"),
        "  Update{{ r.Name }}Request,",
    ),
    registration(
        "web/packages/client/src/query/index.ts",
        Before("export { itemsOf"),
        "export * from \"./{{ r.path }}.js\";",
    ),
];

/// The registrations of the pages of a resource in the web app.
const WEB: &[Registration] = &[
    registration(
        "web/app/src/lib/navigation.ts",
        BeforeObject("label: \"Audit log\""),
        r#"  {
    label: "{{ r.Labels }}",
    link: linkOptions({ to: "/admin/{{ r.path }}" }),
    icon: resourceIcon,
    section: "Administration",
    permission: "{{ r.names }}:read",
  },
  {
    label: "New {{ r.label }}",
    link: linkOptions({ to: "/admin/{{ r.path }}", search: { create: true } }),
    icon: Plus,
    section: "Administration",
    permission: "{{ r.names }}:write",
    keywords: "create add",
    paletteOnly: true,
  },"#,
    ),
    registration(
        "web/app/src/lib/resources.ts",
        Before("} satisfies Record<string, ResourceKind>;"),
        r#"  {{ r.name }}: {
    label: "{{ r.Labels }}",
    permission: "{{ r.names }}:read",
    link: ({{ r.camel }}Id) => linkOptions({ to: "/admin/{{ r.path }}/${{ r.camel }}Id", params: { {{ r.camel }}Id } }),
{%- if title == "name" %}
    search: async (text) => (await client.list{{ r.Names }}({ q: text || undefined, limit })).items.map(named),
    names: (ids) => loadEach(ids, async ({{ r.name }}_id) => named(await client.get{{ r.Name }}({ {{ r.name }}_id }))),
{%- elif title %}
    async search(text) {
      const { items } = await client.list{{ r.Names }}({ q: text || undefined, limit });
      return items.map(({ id, {{ title }}: name }) => ({ id, name }));
    },
    names: (ids) =>
      loadEach(ids, async ({{ r.name }}_id) => {
        const { id, {{ title }}: name } = await client.get{{ r.Name }}({ {{ r.name }}_id });
        return { id, name };
      }),
{%- else %}
    async search(text) {
      const { items } = await client.list{{ r.Names }}({ limit });
      return items.map(({ id }) => ({ id, name: nameFromId("{{ r.Label }}", id) })).filter(nameIncludes(text));
    },
    names: (ids) =>
      loadEach(ids, async ({{ r.name }}_id) => {
        const { id } = await client.get{{ r.Name }}({ {{ r.name }}_id });
        return { id, name: nameFromId("{{ r.Label }}", id) };
      }),
{%- endif %}
  },"#,
    ),
];

/// Returns the additions that register a resource.
pub(crate) fn edits(environment: &Environment, context: &Value, web: bool) -> Outcome<Vec<Edit>> {
    let all = RUST.iter().chain(CLIENT).chain(if web { WEB } else { &[] });
    let render = |&Registration { path, place, line }: &Registration| {
        let line = environment.render_str(line, context);
        let line = line.map_err(|error| format!("the registration in {path} is invalid: {error:#}"))?;
        Ok(Edit::new(path, place, line))
    };
    all.map(render).collect()
}
