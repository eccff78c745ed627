//! Projects, generated with `cargo xtask new resource project name:string:unique description:text? archived:bool owner:user`.

use crate::model::{
    Id, Kind, ListRequest, Order, Position, SearchText, Timestamp, User, Version, names::closed_names, text::text_type,
};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its identifier.
    pub id: Id<Project>,
    /// Its name, which is unique.
    pub name: ProjectName,
    /// Its description.
    pub description: Option<ProjectDescription>,
    /// Its flag `archived`.
    pub archived: bool,
    /// Its owner.
    pub owner_id: Id<User>,
    /// Its version, which every change of the fields above increments.
    pub version: Version,
    /// The time when it was created.
    pub created_at: Timestamp,
    /// The time when it was last changed.
    pub updated_at: Timestamp,
}

impl Kind for Project {
    const KIND: &'static str = "project";
}

text_type! {
    /// The name of a project: one line of 1 to 200 code points.
    pub struct ProjectName(line, 200);
}

text_type! {
    /// The description of a project: lines of 1 to 10,000 code points in all.
    pub struct ProjectDescription(lines, 10_000);
}

closed_names! {
    /// A column that a list of projects can be sorted by.
    pub enum ProjectSort {
        /// The time of creation.
        CreatedAt = "created_at",
        /// The name.
        Name = "name",
    }
}

/// Criteria that projects must meet; `None` matches every project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// Contains this text.
    pub search: Option<SearchText>,
    /// Has this flag `archived`.
    pub archived: Option<bool>,
    /// Has this owner.
    pub owner_id: Option<Id<User>>,
}

/// A request for one page of projects.
pub type ListProjects = ListRequest<ProjectFilter, Order<ProjectSort>, Position<Project>>;
