//! Managing projects.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, Id, IfMatch, ListProjects, Page, Patch, Permission, Position, Project,
        ProjectDescription, ProjectName, User, Version,
    },
    ports::{AuditRepo, Commit, ProjectRepo, Repositories, Store},
    services::{
        App,
        error::Error,
        idempotency::{self, PendingResponse},
        pages::{COUNT_BOUND, page},
    },
};

const PROJECT_CREATED: AuditAction = AuditAction::new("project.created", "A project was created");
const PROJECT_UPDATED: AuditAction =
    AuditAction::new("project.updated", "A project was updated; `changed` lists the fields");
const PROJECT_DELETED: AuditAction = AuditAction::new("project.deleted", "A project was deleted");

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[PROJECT_CREATED, PROJECT_UPDATED, PROJECT_DELETED];

/// A project to create.
#[derive(Debug)]
pub struct NewProject {
    /// Its name.
    pub name: ProjectName,
    /// Its description.
    pub description: Option<ProjectDescription>,
    /// Its flag `archived`.
    pub archived: bool,
    /// Its owner.
    pub owner_id: Id<User>,
}

/// Changes of a project.
#[derive(Debug, Default)]
pub struct ProjectChanges {
    /// The new name; `None` leaves it unchanged.
    pub name: Option<ProjectName>,
    /// The new description.
    pub description: Patch<ProjectDescription>,
    /// The new flag `archived`; `None` leaves it unchanged.
    pub archived: Option<bool>,
    /// The new owner; `None` leaves it unchanged.
    pub owner_id: Option<Id<User>>,
}

impl ProjectChanges {
    fn apply(self, mut current: Project) -> Project {
        let Self {
            name,
            description,
            archived,
            owner_id,
        } = self;
        current.name = name.unwrap_or(current.name);
        current.description = description.apply(current.description);
        current.archived = archived.unwrap_or(current.archived);
        current.owner_id = owner_id.unwrap_or(current.owner_id);
        current
    }
}

/// Returns one page of projects. The first page includes the total. Requires `projects:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListProjects,
) -> Result<Page<Project, Position<Project>>, Error> {
    actor.require(&Permission::PROJECTS_READ)?;
    let db = app.store.db();
    let rows = db.list_projects(list).await?;
    let count = db.count_projects(&list.filter, COUNT_BOUND);
    Ok(page(list, rows, COUNT_BOUND, count).await?)
}

/// Returns a project. Requires `projects:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<Project>) -> Result<Project, Error> {
    actor.require(&Permission::PROJECTS_READ)?;
    let found = app.store.db().find_project(id).await?;
    found.ok_or(Error::not_found::<Project>())
}

/// Creates a project. Requires `projects:write`.
///
/// # Errors
/// [`Error::Denied`], [`Error::UnknownReference`]; a store error for a duplicate value.
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewProject,
    response: Option<&PendingResponse<Project>>,
) -> Result<Project, Error> {
    actor.require(&Permission::PROJECTS_WRITE)?;
    let now = app.clock.now();
    let project = Project {
        id: app.new_id(now),
        name: new.name,
        description: new.description,
        archived: new.archived,
        owner_id: new.owner_id,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = app.store.begin().await?;
    check_references(&mut tx, &project).await?;
    tx.insert_project(&project).await?;
    let event = AuditEvent::new(app, now, actor, PROJECT_CREATED).target(project.id);
    tx.insert_event(&event).await?;
    idempotency::finish(app, &mut tx, response, (project.id.as_uuid(), &project)).await?;
    tx.commit().await?;
    Ok(project)
}

/// Updates a project. Requires `projects:write`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`], [`Error::UnknownReference`]; a store error for a duplicate value.
pub async fn update<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<Project>,
    changes: ProjectChanges,
    expected: IfMatch,
) -> Result<Project, Error> {
    actor.require(&Permission::PROJECTS_WRITE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let project = tx.lock_project(id).await?.ok_or(Error::not_found::<Project>())?;
    expected.check(project.version)?;
    let changed = changes.apply(project.clone());
    if changed == project {
        return Ok(project);
    }
    let changed = Project {
        version: project.version.next(),
        updated_at: now,
        ..changed
    };
    check_references(&mut tx, &changed).await?;
    tx.update_project(&changed).await?;
    let event = AuditEvent::new(app, now, actor, PROJECT_UPDATED).target(id);
    tx.insert_event(&event.detail_names("changed", changed_fields(&project, &changed)))
        .await?;
    tx.commit().await?;
    Ok(changed)
}

/// Deletes a project. Requires `projects:delete`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`]; a store error if another resource refers to it.
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<Project>, expected: IfMatch) -> Result<(), Error> {
    actor.require(&Permission::PROJECTS_DELETE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let project = tx.lock_project(id).await?.ok_or(Error::not_found::<Project>())?;
    expected.check(project.version)?;
    tx.delete_project(id).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, PROJECT_DELETED).target(id))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Checks that the resources exist that a project refers to, and locks them against deletion.
async fn check_references(tx: &mut impl Repositories, project: &Project) -> Result<(), Error> {
    if !tx.retain_user(project.owner_id).await? {
        return Err(Error::UnknownReference { field: "owner_id" });
    }
    Ok(())
}

/// Returns the names of the fields that differ.
fn changed_fields(before: &Project, after: &Project) -> impl Iterator<Item = &'static str> {
    let fields = [
        (before.name != after.name, "name"),
        (before.description != after.description, "description"),
        (before.archived != after.archived, "archived"),
        (before.owner_id != after.owner_id, "owner_id"),
    ];
    fields.into_iter().filter_map(|(differs, name)| differs.then_some(name))
}
