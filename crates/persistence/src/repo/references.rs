//! References to rows that are to be deleted.

use std::mem::discriminant;

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, ForeignKeyAction, Query},
};
use uuid::Uuid;
use vestibule_domain::{StoreError, StoreResult};

use crate::{
    SeaRepositories,
    entity::{REFERENCES, Reference},
    error::IntoStoreResult,
};

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Checks that no other row has a reference that prevents the deletion of a row.
    pub(super) async fn check_deletable(&self, table: &str, id: Uuid) -> StoreResult<()> {
        for reference in references_to(table, ForeignKeyAction::Restrict) {
            let referring = Query::select()
                .expr(Expr::val(1))
                .from(reference.table.clone())
                .and_where(Expr::col(reference.column.clone()).eq(id))
                .limit(1)
                .take();
            if self.db.query_one(&referring).await.into_store_result()?.is_some() {
                let Reference { table, column, .. } = reference;
                let cause = DbErr::Custom(format!("{table}.{column} refers to the row"));
                return Err(StoreError::Reference(cause.into()));
            }
        }
        Ok(())
    }

    /// Removes the references to a row whose columns may be null. The database does so when it deletes a row; a row that
    /// is only marked as deleted needs it.
    pub(super) async fn clear_references(&mut self, table: &str, id: Uuid) -> StoreResult<()> {
        for reference in references_to(table, ForeignKeyAction::SetNull) {
            let clear = Query::update()
                .table(reference.table.clone())
                .value(reference.column.clone(), Option::<Uuid>::None)
                .and_where(Expr::col(reference.column.clone()).eq(id))
                .take();
            self.db.execute(&clear).await.into_store_result()?;
        }
        Ok(())
    }
}

fn references_to(table: &str, on_delete: ForeignKeyAction) -> impl Iterator<Item = &'static Reference> {
    let has_action = move |reference: &&Reference| discriminant(&reference.on_delete) == discriminant(&on_delete);
    REFERENCES
        .iter()
        .filter(move |reference| reference.other == table)
        .filter(has_action)
}
