//! Requests with an idempotency key.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;
use vestibule_domain::{Id, IdempotencyRepo, IdempotentRequest, StoreResult, StoredRequest, Timestamp, User};

use crate::{
    SeaRepositories,
    entity::idempotency_key::{ActiveModel, Column, Entity, Model},
    error::IntoStoreResult,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> IdempotencyRepo for SeaRepositories<C> {
    async fn find_request(&self, request: &IdempotentRequest) -> StoreResult<Option<StoredRequest>> {
        let row: Option<Model> = self.fetch_optional(Entity::find().filter(has_key(request))).await?;
        row.map(read_request).transpose().into_store_result()
    }

    /// Uses one statement, which inserts the request or replaces an expired one.
    async fn start_request(&mut self, request: &IdempotentRequest, at: Timestamp) -> StoreResult<bool> {
        let row = ActiveModel {
            user_id: Set(request.user.as_uuid()),
            route: Set(request.route.to_owned()),
            key: Set(request.key.as_str().to_owned()),
            request_hash: Set(request.request_hash.to_vec()),
            response: Set(None),
            resource_id: Set(None),
            expires_at: Set(request.locked_until),
        };
        let mut replace_expired = OnConflict::columns([Column::UserId, Column::Route, Column::Key]);
        replace_expired
            .update_columns([
                Column::RequestHash,
                Column::Response,
                Column::ResourceId,
                Column::ExpiresAt,
            ])
            .action_and_where(Expr::col((Entity, Column::ExpiresAt)).lte(at));
        let start = Entity::insert(row).on_conflict(replace_expired);
        Ok(self.execute(start).await? > 0)
    }

    async fn finish_request(
        &mut self,
        request: &IdempotentRequest,
        response: &str,
        resource_id: Uuid,
        expires_at: Timestamp,
    ) -> StoreResult<bool> {
        let finish = Entity::update_many()
            .col_expr(Column::Response, Expr::value(response))
            .col_expr(Column::ResourceId, Expr::value(resource_id))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(is_unfinished(request));
        Ok(self.execute(finish).await? == 1)
    }

    async fn abandon_request(&mut self, request: &IdempotentRequest) -> StoreResult<()> {
        self.execute(Entity::delete_many().filter(is_unfinished(request)))
            .await?;
        Ok(())
    }

    async fn delete_responses_about(&mut self, user: Id<User>) -> StoreResult<()> {
        let delete = Entity::delete_many().filter(Column::ResourceId.eq(user.as_uuid()));
        self.execute(delete).await?;
        Ok(())
    }

    async fn delete_all_requests(&mut self) -> StoreResult<u64> {
        self.execute(Entity::delete_many()).await
    }

    async fn delete_expired_requests(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_batch(Entity::find().filter(Column::ExpiresAt.lte(before)), limit)
            .await
    }
}

fn read_request(row: Model) -> Result<StoredRequest, DbErr> {
    Ok(StoredRequest {
        request_hash: row.request_hash.try_into().map_err(|_| corrupt("request hash"))?,
        response: row.response,
    })
}

fn has_key(request: &IdempotentRequest) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(request.user.as_uuid()))
        .add(Column::Route.eq(request.route))
        .add(Column::Key.eq(request.key.as_str()))
}

/// Matches the row of this request while it has no response, unless another request has replaced it.
fn is_unfinished(request: &IdempotentRequest) -> Condition {
    has_key(request)
        .add(Column::Response.is_null())
        .add(Column::ExpiresAt.eq(request.locked_until))
}
