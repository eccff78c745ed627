//! Projects.

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{
    Id, Order, Patch, Position, Project, ProjectDescription, ProjectFilter, ProjectName, ProjectSort, SearchText, User,
    projects::{NewProject, ProjectChanges},
};

use crate::{
    ListQuery, QueryBool, RequestErrors, from_text,
    name::{names_schema, sorts},
    sort_by, time,
};

/// A project.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Project, example = json!({
    "id": "01933b1e-7c00-7000-8000-77aa0d1c2b3e",
    "name": "Name one",
    "description": "First line\nSecond line",
    "archived": true,
    "owner_id": "01933b1e-7c00-7000-8000-000000000001",
    "created_at": "2026-11-24T09:00:00.000000Z",
    "updated_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct ProjectResponse {
    /// The identifier of the project, a version 7 UUID.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// The description.
    #[schema(required)]
    pub description: Option<String>,
    /// The flag `archived`.
    pub archived: bool,
    /// The owner, by its identifier.
    pub owner_id: Uuid,
    /// The time of creation.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    #[serde(serialize_with = "time::serialize")]
    pub updated_at: DateTime<Utc>,
}

impl From<Project> for ProjectResponse {
    fn from(project: Project) -> Self {
        let Project {
            id,
            name,
            description,
            archived,
            owner_id,
            version: _,
            created_at,
            updated_at,
        } = project;
        Self {
            id: id.as_uuid(),
            name: name.into(),
            description: description.map(String::from),
            archived,
            owner_id: owner_id.as_uuid(),
            created_at,
            updated_at,
        }
    }
}

/// A project to create.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Name one",
    "archived": true,
    "owner_id": "01933b1e-7c00-7000-8000-000000000001"
}))]
pub struct CreateProjectRequest {
    /// The name, 1 to 200 code points.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub name: ProjectName,
    /// The description, 1 to 10,000 code points.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10000)]
    pub description: Option<ProjectDescription>,
    /// The flag `archived`; false by default.
    #[deserr(default)]
    #[schema(required = false)]
    pub archived: bool,
    /// The owner, by its identifier.
    #[schema(value_type = Uuid)]
    pub owner_id: Id<User>,
}

impl From<CreateProjectRequest> for NewProject {
    fn from(request: CreateProjectRequest) -> Self {
        let CreateProjectRequest {
            name,
            description,
            archived,
            owner_id,
        } = request;
        Self {
            name,
            description,
            archived,
            owner_id,
        }
    }
}

/// Changes to a project. Absent members are unchanged.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Name two" }))]
pub struct UpdateProjectRequest {
    /// The name, 1 to 200 code points.
    #[deserr(default, from(ProjectName) = Some)]
    #[schema(nullable = false, value_type = Option<String>, min_length = 1, max_length = 200)]
    pub name: Option<ProjectName>,
    /// The description, 1 to 10,000 code points; `null` removes it.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10000)]
    pub description: Patch<ProjectDescription>,
    /// The flag `archived`; false by default.
    #[deserr(default, from(bool) = Some)]
    #[schema(nullable = false, value_type = Option<bool>)]
    pub archived: Option<bool>,
    /// The owner, by its identifier.
    #[deserr(default, from(Id<User>) = Some)]
    #[schema(nullable = false, value_type = Option<Uuid>)]
    pub owner_id: Option<Id<User>>,
}

impl From<UpdateProjectRequest> for ProjectChanges {
    fn from(request: UpdateProjectRequest) -> Self {
        let UpdateProjectRequest {
            name,
            description,
            archived,
            owner_id,
        } = request;
        Self {
            name,
            description,
            archived,
            owner_id,
        }
    }
}

/// The filters and the order of a list of projects.
#[derive(Debug, Default, Deserr, IntoParams)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListProjectsQuery {
    /// A part of the name or the description, case-insensitive.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 100)]
    pub q: Option<SearchText>,
    /// Only projects with this flag `archived`.
    #[deserr(default)]
    #[param(value_type = Option<bool>)]
    pub archived: Option<QueryBool>,
    /// Only projects with this owner.
    #[deserr(default)]
    #[param(value_type = Option<Uuid>)]
    pub owner_id: Option<Id<User>>,
    /// The order: a column, or a column after a `-` for descending order; `-created_at` (newest first) by default.
    #[deserr(default)]
    #[param(inline, value_type = Option<ProjectSortSchema>)]
    pub sort: Option<Order<ProjectSort>>,
}

impl ListQuery for ListProjectsQuery {
    type Filter = ProjectFilter;
    type Order = Order<ProjectSort>;
    type Position = Position<Project>;

    fn into_criteria(self) -> (ProjectFilter, Order<ProjectSort>) {
        let Self {
            q,
            archived,
            owner_id,
            sort,
        } = self;
        let filter = ProjectFilter {
            search: q,
            archived: archived.map(bool::from),
            owner_id,
        };
        (filter, sort.unwrap_or(Order::descending(ProjectSort::CreatedAt)))
    }
}

from_text! {
    ProjectName: ProjectName::parse;
    ProjectDescription: ProjectDescription::parse;
    Order<ProjectSort>: |name| sort_by(name, ProjectSort::from_name, ProjectSort::ALL.iter().map(|sort| sort.as_str()));
}

names_schema!(ProjectSortSchema = sorts(ProjectSort::ALL.iter().map(|sort| sort.as_str())));
