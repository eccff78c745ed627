//! The files of a resource and their templates.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::Utc;
use minijinja::{Environment, UndefinedBehavior};

use crate::Outcome;
use crate::resource::context::context;
use crate::resource::edit::Edit;
use crate::resource::registry;
use crate::resource::spec::Spec;

/// The template of the path of each file, and the template of its text.
const RUST: &[(&str, &str)] = &[
    (
        "crates/domain/src/model/{{ r.name }}.rs",
        include_str!("templates/domain_model.rs.j2"),
    ),
    (
        "crates/domain/src/ports/repositories/{{ r.names }}.rs",
        include_str!("templates/domain_port.rs.j2"),
    ),
    (
        "crates/domain/src/features/{{ r.names }}.rs",
        include_str!("templates/domain_feature.rs.j2"),
    ),
    (
        "crates/schema/src/{{ r.names }}.rs",
        include_str!("templates/schema.rs.j2"),
    ),
    (
        "crates/persistence/src/entity/{{ r.name }}.rs",
        include_str!("templates/entity.rs.j2"),
    ),
    (
        "crates/persistence/src/repo/{{ r.names }}.rs",
        include_str!("templates/repo.rs.j2"),
    ),
    (
        "migration/src/{{ migration }}.rs",
        include_str!("templates/migration.rs.j2"),
    ),
    ("crates/api/src/{{ r.names }}.rs", include_str!("templates/api.rs.j2")),
    (
        "crates/api/tests/it/{{ r.names }}.rs",
        include_str!("templates/api_test.rs.j2"),
    ),
];

/// The hooks of the client, which it has without pages too.
const CLIENT: &[(&str, &str)] = &[(
    "web/packages/client/src/query/{{ r.path }}.ts",
    include_str!("templates/web_client.ts.j2"),
)];

/// The pages of the web app and their tests.
const WEB: &[(&str, &str)] = &[
    (
        "web/app/src/features/{{ r.path }}/columns.tsx",
        include_str!("templates/web_columns.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/create-{{ r.kebab }}-dialog.tsx",
        include_str!("templates/web_create_dialog.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/filter-bar.tsx",
        include_str!("templates/web_filter_bar.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/form-schema.ts",
        include_str!("templates/web_form_schema.ts.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/labels.ts",
        include_str!("templates/web_labels.ts.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/{{ r.kebab }}-fields.tsx",
        include_str!("templates/web_fields.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/{{ r.kebab }}-page.tsx",
        include_str!("templates/web_page.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/{{ r.path }}-page.tsx",
        include_str!("templates/web_list_page.tsx.j2"),
    ),
    (
        "web/app/src/features/{{ r.path }}/search.ts",
        include_str!("templates/web_search.ts.j2"),
    ),
    (
        "web/app/src/routes/_app/admin/{{ r.path }}/${{ r.camel }}Id.tsx",
        include_str!("templates/web_route.tsx.j2"),
    ),
    (
        "web/app/src/routes/_app/admin/{{ r.path }}/index.tsx",
        include_str!("templates/web_list_route.tsx.j2"),
    ),
    (
        "web/e2e/support/{{ r.path }}.ts",
        include_str!("templates/web_e2e_support.ts.j2"),
    ),
    (
        "web/e2e/tests/{{ r.path }}.spec.ts",
        include_str!("templates/web_e2e_test.ts.j2"),
    ),
];

/// The folder of the packages that Biome formats.
const WEB_FOLDER: &str = "web/";

/// The files and the additions of a resource.
pub(crate) struct Output {
    /// The path and the text of every new file, not formatted yet.
    pub(crate) files: BTreeMap<String, String>,
    /// The additions to existing files.
    pub(crate) edits: Vec<Edit>,
}

/// Renders the files and the additions of a resource.
pub(crate) fn render(spec: &Spec, migration: &str) -> Outcome<Output> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let context = context(spec, migration);
    let render = |what: &str, template: &str| {
        let text = environment.render_str(template, &context);
        text.map_err(|error| format!("the template of {what} is invalid: {error:#}"))
    };
    let mut files = BTreeMap::new();
    for (path, template) in [RUST, CLIENT, if spec.web { WEB } else { &[] }].concat() {
        let path = render(path, path)?;
        let text = render(&path, template)?;
        // A resource without an enum has no labels.
        if !text.trim().is_empty() {
            files.insert(path, text);
        }
    }
    let edits = registry::edits(&environment, &context, spec.web)?;
    Ok(Output { files, edits })
}

/// Returns the name of the migration: of the existing file, or a new one that sorts after all others.
pub(crate) fn migration(spec: &Spec) -> String {
    let end = format!("_create_{}", spec.names.plural);
    let entries = fs::read_dir("migration/src").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| Some(entry.file_name().to_string_lossy().strip_suffix(".rs")?.to_owned()));
    let mut names: Vec<String> = names.filter(|name| name.starts_with("m2")).collect();
    names.sort();
    let is_its_own = |name: &&String| name.splitn(3, '_').nth(2) == end.strip_prefix('_');
    if let Some(existing) = names.iter().find(is_its_own) {
        return existing.clone();
    }
    let today = Utc::now().format("%Y%m%d").to_string();
    let (day, number) = match names.last().and_then(|last| last.strip_prefix('m')?.split_once('_')) {
        Some((day, rest)) if day >= today.as_str() => {
            let number = rest.split('_').next().and_then(|number| number.parse::<u32>().ok());
            (day.to_owned(), number.unwrap_or_default() + 1)
        }
        _ => (today, 1),
    };
    format!("m{day}_{number:06}{end}")
}

/// Returns whether a file is formatted by rustfmt.
pub(crate) fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// Returns whether a file is formatted by Biome.
pub(crate) fn is_web(path: &str) -> bool {
    path.starts_with(WEB_FOLDER)
}

/// Returns the text as the formatter of the language writes it.
pub(crate) fn formatted(path: &str, text: &str) -> Outcome<String> {
    let mut command;
    if is_rust(path) {
        command = Command::new("rustfmt");
        command.args(["--edition", "2024"]);
    } else {
        let file = format!("--stdin-file-path={}", path.trim_start_matches(WEB_FOLDER));
        // Biome reads the configuration in its working folder.
        command = Command::new("node");
        command.args(["node_modules/@biomejs/biome/bin/biome", "check", "--write", &file]);
        command.current_dir(WEB_FOLDER);
    }
    let failed = |why: String| format!("cannot format {path}: {why}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| failed(e.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes()).map_err(|e| failed(e.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|e| failed(e.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    String::from_utf8(output.stdout).map_err(|e| failed(e.to_string()))
}
