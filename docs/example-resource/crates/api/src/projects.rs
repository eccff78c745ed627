//! Projects: list, create, read, update and delete.

use actix_web::{HttpResponse, delete, get, patch, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;
use vestibule_domain::{
    InUse, Project, Taken,
    permission::{ProjectsDelete, ProjectsRead, ProjectsWrite},
    projects,
};
use vestibule_schema::{CreateProjectRequest, ListProjectsQuery, PageQuery, ProjectResponse, UpdateProjectRequest};

use crate::{
    App,
    extract::{Auth, DenyQuery, Idempotent, IfMatch, Json, List, PathId},
    idempotency::{self, Created, Creation},
    problem::{ApiResult, Problems},
    response,
};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(get)
        .service(update)
        .service(delete);
}

/// List projects
///
/// Newest first by default. The `Link` header points to the next page.
#[utoipa::path(
    tag = "projects", operation_id = "listProjects", params(ListProjectsQuery, PageQuery),
    responses(
        (status = 200, body = [ProjectResponse], description = "One page of projects", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of matching projects; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` above 10,000")
        )),
        Problems<Auth<ProjectsRead>>
    )
)]
#[get("")]
async fn list(app: Data<App>, auth: Auth<ProjectsRead>, query: List<ListProjectsQuery>) -> ApiResult<HttpResponse> {
    let found = projects::list(&app, &auth.actor(), &query.request).await?;
    Ok(query.page(found, ProjectResponse::from))
}

/// Create a project
#[utoipa::path(
    tag = "projects", operation_id = "createProject",
    request_body = CreateProjectRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted string. Retrying with the same key \
        within 24 hours replays the original response")),
    responses(
        (status = 201, body = ProjectResponse, description = "The project", headers(
            ("Location" = String, description = "The path of the project"),
            ("ETag" = String, description = "The version of the project")
        )),
        Problems<(Auth<ProjectsWrite>, Taken)>
    )
)]
#[post("")]
async fn create(
    app: Data<App>,
    auth: Auth<ProjectsWrite>,
    _: DenyQuery,
    request: Idempotent<CreateProjectRequest>,
) -> ApiResult<HttpResponse> {
    let Idempotent { body, key } = request;
    let pending = match idempotency::start(&app, "POST /api/projects", Some(auth.user.id), &key).await? {
        Creation::Started(pending) => pending,
        Creation::Replayed(response) => return Ok(response),
    };
    let created = projects::create(&app, &auth.actor(), body.into(), pending.as_ref()).await;
    idempotency::respond(&app, pending, created).await
}

impl From<&Project> for Created {
    fn from(project: &Project) -> Self {
        let location = format!("/api/projects/{}", project.id);
        Self::new(location, project.version, ProjectResponse::from(project.clone()))
    }
}

/// Get a project
#[utoipa::path(
    tag = "projects", operation_id = "getProject",
    params(("project_id" = Uuid, Path, description = "The identifier of the project")),
    responses(
        (status = 200, body = ProjectResponse, description = "The project", headers(
            ("ETag" = String, description = "The version of the project")
        )),
        Problems<Auth<ProjectsRead>>
    )
)]
#[get("/{project_id}")]
async fn get(app: Data<App>, auth: Auth<ProjectsRead>, _: DenyQuery, id: PathId<Project>) -> ApiResult<HttpResponse> {
    let project = projects::get(&app, &auth.actor(), id.0).await?;
    Ok(response::tagged(project.version, ProjectResponse::from(project)))
}

/// Update a project
#[utoipa::path(
    tag = "projects", operation_id = "updateProject",
    params(
        ("project_id" = Uuid, Path, description = "The identifier of the project"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the project; a different version returns 412")
    ),
    responses(
        (status = 200, body = ProjectResponse, description = "The updated project", headers(
            ("ETag" = String, description = "The version of the project")
        )),
        Problems<(Auth<ProjectsWrite>, Taken)>
    )
)]
#[patch("/{project_id}")]
async fn update(
    app: Data<App>,
    auth: Auth<ProjectsWrite>,
    _: DenyQuery,
    id: PathId<Project>,
    if_match: IfMatch,
    body: Json<UpdateProjectRequest>,
) -> ApiResult<HttpResponse> {
    let project = projects::update(&app, &auth.actor(), id.0, body.0.into(), if_match.0).await?;
    Ok(response::tagged(project.version, ProjectResponse::from(project)))
}

/// Delete a project permanently
#[utoipa::path(
    tag = "projects", operation_id = "deleteProject",
    params(
        ("project_id" = Uuid, Path, description = "The identifier of the project"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the project; a different version returns 412")
    ),
    responses(
        (status = 204, description = "The project is deleted"),
        Problems<(Auth<ProjectsDelete>, InUse)>
    )
)]
#[delete("/{project_id}")]
async fn delete(
    app: Data<App>,
    auth: Auth<ProjectsDelete>,
    _: DenyQuery,
    id: PathId<Project>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    projects::delete(&app, &auth.actor(), id.0, if_match.0).await?;
    Ok(response::no_content())
}
