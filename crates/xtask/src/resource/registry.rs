//! The lists in which a resource is registered.

use minijinja::{Environment, Value};

use crate::Outcome;

/// A line, or a block of lines, that is added to an existing file.
struct Registration {
    path: &'static str,
    place: Place,
    /// The template of the line, or of the name for [`Place::Import`].
    line: &'static str,
}

/// The place of an addition. The formatters sort statements and the names of imports and exports.
#[derive(Clone, Copy)]
enum Place {
    /// Beside the first line that starts with this text.
    Beside(&'static str),
    /// In the sorted list after the line that starts with this text.
    Sorted(&'static str),
    /// Before the first line that starts with this text.
    Before(&'static str),
    /// Before the object that has a line that starts with this text.
    BeforeObject(&'static str),
    /// At the end of the list after the line that starts with this text.
    Last(&'static str),
    /// In the list of names after this text.
    Import(&'static str),
}
use Place::{Before, BeforeObject, Beside, Import, Last, Sorted};

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
    find: async ({{ r.name }}_id) => named(await client.get{{ r.Name }}({ {{ r.name }}_id })),
{%- elif title %}
    async search(text) {
      const { items } = await client.list{{ r.Names }}({ q: text || undefined, limit });
      return items.map(({ id, {{ title }}: name }) => ({ id, name }));
    },
    async find({{ r.name }}_id) {
      const { id, {{ title }}: name } = await client.get{{ r.Name }}({ {{ r.name }}_id });
      return { id, name };
    },
{%- else %}
    async search(text) {
      const { items } = await client.list{{ r.Names }}({ limit });
      return items.map(({ id }) => ({ id, name: nameFromId("{{ r.Label }}", id) })).filter(nameIncludes(text));
    },
    async find({{ r.name }}_id) {
      const { id } = await client.get{{ r.Name }}({ {{ r.name }}_id });
      return { id, name: nameFromId("{{ r.Label }}", id) };
    },
{%- endif %}
  },"#,
    ),
];

/// An addition to an existing file.
pub(crate) struct Edit {
    pub(crate) path: &'static str,
    place: Place,
    line: String,
}

/// Returns the additions that register a resource.
pub(crate) fn edits(environment: &Environment, context: &Value, web: bool) -> Outcome<Vec<Edit>> {
    let all = RUST.iter().chain(CLIENT).chain(if web { WEB } else { &[] });
    let render = |&Registration { path, place, line }: &Registration| {
        let line = environment.render_str(line, context);
        let line = line.map_err(|error| format!("the registration in {path} is invalid: {error:#}"))?;
        Ok(Edit { path, place, line })
    };
    all.map(render).collect()
}

impl Edit {
    /// Returns the line that is added.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// Returns the file with the addition.
    pub(crate) fn apply(&self, text: &str) -> Outcome<String> {
        let mut lines: Vec<&str> = text.lines().collect();
        let find = |start: &str| {
            let at = lines.iter().position(|line| line.trim_start().starts_with(start));
            at.ok_or_else(|| format!("{} has no line `{start}`, where the resource is registered", self.path))
        };
        let length = |start: usize| lines[start..].iter().take_while(|line| is_entry(line)).count();
        let at = match self.place {
            Beside(start) | Before(start) => find(start)?,
            BeforeObject(start) => {
                let at = find(start)?;
                let opening = lines[..at].iter().rposition(|line| line.trim() == "{");
                opening.ok_or_else(|| format!("{} has no object with the line `{start}`", self.path))?
            }
            Last(start) => {
                let first = find(start)? + 1;
                first + length(first)
            }
            Sorted(start) => {
                let first = find(start)? + 1;
                let entries = &lines[first..first + length(first)];
                first
                    + entries
                        .iter()
                        .position(|entry| *entry > self.line.as_str())
                        .unwrap_or(entries.len())
            }
            Import(start) => {
                find(start)?;
                return Ok(text.replacen(start, &format!("{start}{}, ", self.line), 1));
            }
        };
        lines.insert(at, &self.line);
        Ok(lines.join("\n") + "\n")
    }

    /// Returns the file without the addition, which the formatter may have moved and wrapped.
    pub(crate) fn revert(&self, text: &str) -> Outcome<String> {
        let without = match self.place {
            Import(start) => without_import(text, start, &self.line),
            // The list of names may be wrapped.
            Beside(_) => without_statement(text, self.line.split('{').next().unwrap_or_default()),
            Sorted(_) | Before(_) | BeforeObject(_) | Last(_) => {
                without_line(text, &self.line).or_else(|| without_block(text, &self.line))
            }
        };
        without.ok_or_else(|| {
            let line = self.line.trim().lines().next().unwrap_or_default();
            format!("{} no longer contains the addition `{line}`", self.path)
        })
    }
}

/// The maximum number of lines to which rustfmt wraps a line.
const MAX_WRAPPED_LINES: usize = 8;

/// Returns whether a line belongs to a list.
fn is_entry(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with([']', '}'])
}

/// Removes the line, which rustfmt may have wrapped.
fn without_line(text: &str, line: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (start, end) = (0..lines.len()).find_map(|start| {
        let mut wrapped = String::new();
        let length = lines[start..].iter().take(MAX_WRAPPED_LINES).position(|part| {
            wrapped.push_str(part);
            unwrapped(&wrapped) == unwrapped(line)
        })?;
        Some((start, start + length + 1))
    })?;
    Some([&lines[..start], &lines[end..]].concat().join("\n") + "\n")
}

/// Returns code without the spaces, line breaks and commas that rustfmt adds when it wraps a line.
fn unwrapped(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")")
}

/// Removes lines that differ from the block only in white space and in commas before closing brackets.
fn without_block(text: &str, block: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let block = without_space(block);
    let ends_with_block = |start: usize| {
        let ends = (start + 1)..=lines.len();
        ends.map(|end| (end, without_space(&lines[start..end].concat())))
            .take_while(|(_, text)| text.len() <= block.len() + 1)
            .find_map(|(end, text)| (text == block).then_some(end))
    };
    let (start, end) = (0..lines.len()).find_map(|start| Some((start, ends_with_block(start)?)))?;
    Some([&lines[..start], &lines[end..]].concat().join("\n") + "\n")
}

fn without_space(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, '}' | ']' | ')') && kept.ends_with(',') {
            kept.pop();
        }
        kept.push(c);
    }
    kept
}

fn without_statement(text: &str, start: &str) -> Option<String> {
    let at = text.find(&format!("\n{start}"))? + 1;
    let length = text[at..].find(";\n")? + ";\n".len();
    Some(format!("{}{}", &text[..at], &text[at + length..]))
}

fn without_import(text: &str, start: &str, name: &str) -> Option<String> {
    let at = text.find(start)? + start.len();
    let (list, rest) = text[at..].split_at(text[at..].find(';')?);
    let position = list
        .find(&format!(" {name},"))
        .or_else(|| list.find(&format!("\n{name},")))?;
    let (before, after) = (&list[..position], &list[position + " ,".len() + name.len()..]);
    Some(format!("{}{before}{after}{rest}", &text[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(place: Place, line: &str) -> Edit {
        Edit {
            path: "a.rs",
            place,
            line: line.to_owned(),
        }
    }

    #[test]
    fn additions_are_reverted_after_formatting() {
        let text = "use crate::{\n    account, roles,\n};\nmod a;\npub use a::A;\nlist! {\n    a,\n    c,\n}\n  {\n    x: 1,\n  },\n";
        for (place, line, added, formatted) in [
            (Beside("mod "), "mod b;", "mod b;\nmod a;", "mod a;\nmod b;"),
            (
                Beside("pub use "),
                "pub use b::{B, C};",
                "pub use b::{B, C};",
                "pub use b::{\n    B, C,\n};",
            ),
            (
                Sorted("list! {"),
                "    b,",
                "    a,\n    b,\n    c,",
                "    a,\n    b,\n    c,",
            ),
            (Last("list! {"), "    b,", "    c,\n    b,\n}", "    c,\n    b,\n}"),
            (Before("c,"), "    b,", "    b,\n    c,", "    b,\n    c,"),
            (
                Before("c,"),
                "    .b(c())",
                "    .b(c())\n    c,",
                "    .b(\n        c(),\n    )\n    c,",
            ),
            (
                BeforeObject("x: 1"),
                "  {\n    f: g({ y: 2 }),\n  },",
                "  {\n    f: g({ y: 2 }),\n  },\n  {\n    x",
                "  {\n    f: g({\n      y: 2,\n    }),\n  },\n  {\n    x",
            ),
            (
                Import("use crate::{"),
                "projects",
                "projects, \n    account, roles,",
                "\n    account, projects, roles,",
            ),
        ] {
            let edit = edit(place, line);
            let changed = edit.apply(text).expect("the anchor exists");
            assert!(changed.contains(added), "{changed}");
            assert_eq!(edit.revert(&changed.replace(added, formatted)).as_deref(), Ok(text));
        }
        assert!(edit(Last("vec!["), "    b,").apply(text).is_err());
        assert!(edit(Beside("mod "), "mod b;").revert(text).is_err());
    }
}
