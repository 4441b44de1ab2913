//! The rows that a look at the disk is compared with.

use sea_orm::{ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::database::entity::file;

/// How many values one statement names.
const CHUNK: usize = 500;

/// Reads the rows of one location.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    db: DatabaseConnection,
    location: Uuid,
}

impl Known {
    pub(crate) fn new(db: DatabaseConnection, location: Uuid) -> Self {
        Self { db, location }
    }

    /// Whether it is a row of the location, not of one on another device.
    pub(crate) fn is_here(&self, row: &file::Model) -> bool {
        row.location_id == self.location
    }

    /// Every row.
    pub(crate) async fn all(&self) -> Result<Vec<file::Model>, DbErr> {
        self.find(Condition::all()).await
    }

    /// The row of the root, if it was ever seen.
    pub(crate) async fn root(&self) -> Result<Option<file::Model>, DbErr> {
        Ok(self.at(&[String::new()]).await?.pop())
    }

    /// Whether there are rows in this folder.
    pub(crate) async fn has_children(&self, folder: Uuid) -> Result<bool, DbErr> {
        let child = file::Entity::find().filter(file::Column::ParentId.eq(folder)).one(&self.db).await?;
        Ok(child.is_some())
    }

    /// The rows at these paths.
    pub(crate) async fn at(&self, paths: &[String]) -> Result<Vec<file::Model>, DbErr> {
        let mut rows = Vec::new();
        for paths in paths.chunks(CHUNK) {
            rows.extend(self.find(Condition::all().add(file::Column::Path.is_in(paths))).await?);
        }
        Ok(rows)
    }

    /// The rows below these paths, at any depth.
    pub(crate) async fn below(&self, paths: &[String]) -> Result<Vec<file::Model>, DbErr> {
        let mut rows = Vec::new();
        for path in paths {
            let below = if path.is_empty() {
                Condition::all().add(file::Column::Path.ne(""))
            } else {
                // `0` is the character after `/`: this range is all that starts with the path and a slash.
                Condition::all()
                    .add(file::Column::Path.gt(format!("{path}/")))
                    .add(file::Column::Path.lt(format!("{path}0")))
            };
            rows.extend(self.find(below).await?);
        }
        Ok(rows)
    }

    /// The rows with these file numbers.
    pub(crate) async fn with_inodes(&self, inodes: &[i64]) -> Result<Vec<file::Model>, DbErr> {
        let mut rows = Vec::new();
        for inodes in inodes.chunks(CHUNK) {
            let these = file::Column::Inode.is_in(inodes.iter().copied());
            rows.extend(self.find(Condition::all().add(these)).await?);
        }
        Ok(rows)
    }

    async fn find(&self, condition: Condition) -> Result<Vec<file::Model>, DbErr> {
        file::Entity::find()
            .filter(file::Column::LocationId.eq(self.location))
            .filter(condition)
            .all(&self.db)
            .await
    }
}
