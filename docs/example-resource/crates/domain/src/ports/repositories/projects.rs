//! The repository of projects.

use std::num::NonZeroU32;

use crate::{
    model::{Id, ListProjects, Listed, Position, Project, ProjectFilter},
    ports::StoreResult,
};

/// Stored projects.
#[trait_variant::make(Send)]
pub trait ProjectRepo {
    /// Finds a project.
    async fn find_project(&self, id: Id<Project>) -> StoreResult<Option<Project>>;

    /// Returns one page of projects, and one more if there is a next page.
    async fn list_projects(&self, list: &ListProjects) -> StoreResult<Vec<Listed<Project, Position<Project>>>>;

    /// Counts the projects that a filter matches, up to `bound + 1`.
    async fn count_projects(&self, filter: &ProjectFilter, bound: NonZeroU32) -> StoreResult<u64>;

    /// Finds a project and locks it against changes until the transaction ends.
    async fn lock_project(&mut self, id: Id<Project>) -> StoreResult<Option<Project>>;

    /// Locks a project against deletion until the transaction ends, so that a resource can refer to it.
    /// Returns whether it exists.
    async fn retain_project(&mut self, id: Id<Project>) -> StoreResult<bool>;

    /// Inserts a project.
    async fn insert_project(&mut self, project: &Project) -> StoreResult<()>;

    /// Updates a project.
    async fn update_project(&mut self, project: &Project) -> StoreResult<()>;

    /// Deletes a project.
    async fn delete_project(&mut self, id: Id<Project>) -> StoreResult<()>;
}
