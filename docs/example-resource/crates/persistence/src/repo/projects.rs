//! Projects.

use std::num::NonZeroU32;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, Select,
    sea_query::LockType,
};
use vestibule_domain::{
    Id, ListProjects, Listed, Position, Project, ProjectDescription, ProjectFilter, ProjectName, ProjectRepo,
    ProjectSort, SearchText, StoreResult,
};

use crate::{
    SeaRepositories,
    entity::project::{ActiveModel, Column, Entity, Model},
    repo::{read_version, sorted_page::contains},
};

impl<C: ConnectionTrait + Send + Sync + 'static> ProjectRepo for SeaRepositories<C> {
    async fn find_project(&self, id: Id<Project>) -> StoreResult<Option<Project>> {
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(id.as_uuid())).await?;
        Ok(row.map(Project::from))
    }

    async fn list_projects(&self, list: &ListProjects) -> StoreResult<Vec<Listed<Project, Position<Project>>>> {
        let order = list.order.map(|sort| match sort {
            ProjectSort::CreatedAt => Column::Id,
            ProjectSort::Name => Column::Name,
        });
        self.sorted_page(
            filtered(&list.filter),
            order,
            list.after.as_ref(),
            list.limit,
            |row: Model| Ok(row.into()),
        )
        .await
    }

    async fn count_projects(&self, filter: &ProjectFilter, bound: NonZeroU32) -> StoreResult<u64> {
        self.bounded_count(filtered(filter).into_query(), bound).await
    }

    async fn lock_project(&mut self, id: Id<Project>) -> StoreResult<Option<Project>> {
        self.lock(Entity::find_by_id(id.as_uuid()), LockType::Update).await?;
        self.find_project(id).await
    }

    async fn retain_project(&mut self, id: Id<Project>) -> StoreResult<bool> {
        self.retain(Entity::find_by_id(id.as_uuid())).await
    }

    async fn insert_project(&mut self, project: &Project) -> StoreResult<()> {
        self.insert(vec![to_row(project)]).await
    }

    async fn update_project(&mut self, project: &Project) -> StoreResult<()> {
        let columns = ActiveModel {
            id: NotSet,
            ..to_row(project)
        };
        let update = Entity::update_many()
            .set(columns)
            .filter(Column::Id.eq(project.id.as_uuid()));
        self.execute(update).await?;
        Ok(())
    }

    async fn delete_project(&mut self, id: Id<Project>) -> StoreResult<()> {
        self.execute(Entity::delete_by_id(id.as_uuid())).await?;
        Ok(())
    }
}

fn filtered(filter: &ProjectFilter) -> Select<Entity> {
    let ProjectFilter {
        search,
        archived,
        owner_id,
    } = filter;
    let condition = Condition::all()
        .add_option(search.as_ref().map(|search| contains(Column::SearchText, search)))
        .add_option(archived.map(|value| Column::Archived.eq(value)))
        .add_option(owner_id.map(|id| Column::OwnerId.eq(id.as_uuid())));
    Entity::find().filter(condition)
}

fn to_row(project: &Project) -> ActiveModel {
    let Project {
        id,
        name,
        description,
        archived,
        owner_id,
        version,
        created_at,
        updated_at,
    } = project;
    ActiveModel {
        id: Set(id.as_uuid()),
        name: Set(name.as_str().to_owned()),
        description: Set(description.as_ref().map(|value| value.as_str().to_owned())),
        archived: Set(*archived),
        owner_id: Set(owner_id.as_uuid()),
        search_text: Set(SearchText::of(&[
            name.as_str(),
            description.as_ref().map_or("", |text| text.as_str()),
        ])),
        version: Set(version.get().into()),
        created_at: Set(*created_at),
        updated_at: Set(*updated_at),
    }
}

impl From<Model> for Project {
    fn from(row: Model) -> Self {
        let Model {
            id,
            name,
            description,
            archived,
            owner_id,
            search_text: _,
            version,
            created_at,
            updated_at,
        } = row;
        Self {
            id: Id::from_uuid(id),
            name: ProjectName::new_unchecked(name),
            description: description.map(ProjectDescription::new_unchecked),
            archived,
            owner_id: Id::from_uuid(owner_id),
            version: read_version(version),
            created_at,
            updated_at,
        }
    }
}
