//! How the tables came to be. Append-only: a migration that shipped is never changed, a new one is added.

mod m0001_first_tables;
mod m0002_several_devices;
mod m0003_contents_and_albums;
mod m0004_peers;
mod m0005_seen;
mod m0006_file_copies;
mod m0007_jobs;
mod m0008_leader;
mod m0009_copy_jobs;
mod m0010_streams;
mod m0011_roles;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All migrations, oldest first.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first_tables::Migration),
            Box::new(m0002_several_devices::Migration),
            Box::new(m0003_contents_and_albums::Migration),
            Box::new(m0004_peers::Migration),
            Box::new(m0005_seen::Migration),
            Box::new(m0006_file_copies::Migration),
            Box::new(m0007_jobs::Migration),
            Box::new(m0008_leader::Migration),
            Box::new(m0009_copy_jobs::Migration),
            Box::new(m0010_streams::Migration),
            Box::new(m0011_roles::Migration),
        ]
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, EntityTrait};

    use super::*;
    use crate::database::entity::{sync_change, sync_mark, sync_owned, sync_shared, user_metadata};
    use crate::database::meta;
    use crate::database::{Database, Vault};
    use crate::sync::Dots;

    const DEVICE: &str = "6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10";
    const FILE: &str = "00000000-0000-0000-0000-00000000000b";

    #[tokio::test]
    async fn what_a_database_of_one_device_holds_is_numbered_as_if_its_device_had_just_done_it() {
        let db = Database::in_memory_before_migrations().await.unwrap();
        Migrator::up(&db, Some(1)).await.unwrap();
        let rows = [
            "INSERT INTO devices VALUES (x'6f1c3f529d0e4d2b8f430c9c5f2b7a10', 'd', 1)".to_owned(),
            "INSERT INTO locations VALUES (x'0000000000000000000000000000000a', x'6f1c3f529d0e4d2b8f430c9c5f2b7a10', 'l', '/l', 'ready', 2, 1)".to_owned(),
            "INSERT INTO files VALUES (x'00000000000000000000000000000001', x'0000000000000000000000000000000a', NULL, 'l', NULL, 'folder', 1, 0, '', 0, 0, NULL, 0, 1)".to_owned(),
            "INSERT INTO files VALUES (x'0000000000000000000000000000000b', x'0000000000000000000000000000000a', x'00000000000000000000000000000001', 'b', NULL, 'text', 0, 0, 'b', 0, 0, NULL, 1, 4)".to_owned(),
            "INSERT INTO tags VALUES ('t1', 'one', '#000000', 1), ('t2', 'two', '#000000', 1)".to_owned(),
            "INSERT INTO file_tags VALUES (x'0000000000000000000000000000000b', 't2', 0), (x'0000000000000000000000000000000b', 't1', 1)".to_owned(),
        ];
        for row in rows {
            db.execute_unprepared(&row).await.unwrap();
        }
        Migrator::up(&db, None).await.unwrap();

        assert_eq!(meta::device(&db).await.unwrap().to_string(), DEVICE);
        let owned = sync_owned::Entity::find().all(&db).await.unwrap();
        let file = owned.iter().find(|row| row.record_id == FILE).unwrap();
        assert_eq!((owned.len(), file.version, file.owner.to_string().as_str()), (4, 2, DEVICE));
        assert_eq!(file.parent.as_deref(), Some("00000000-0000-0000-0000-000000000001"));
        let said = user_metadata::Entity::find().all(&db).await.unwrap();
        assert_eq!((said.len(), said[0].file_id.to_string().as_str(), said[0].favorite), (1, FILE, true));

        let shared = sync_shared::Entity::find().all(&db).await.unwrap();
        let mut instants: Vec<(i64, String)> =
            shared.iter().map(|row| (row.hlc.max(first_dot(row)), row.record_id.clone())).collect();
        instants.sort();
        let expected = ["t1", "t2", &format!("{FILE}/t2"), &format!("{FILE}/t1"), FILE];
        assert_eq!(instants.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), expected);
        let marks = sync_mark::Entity::find().all(&db).await.unwrap();
        let at = |stream: &str| {
            marks.iter().find(|mark| mark.stream == stream).map(|mark| (mark.position, mark.pruned))
        };
        assert_eq!((at("file"), at("shared:tag"), at("shared")), (Some((2, 0)), Some((5, 5)), None));
    }

    #[tokio::test]
    async fn the_one_stream_of_shared_rows_becomes_one_for_each_model_with_what_is_in_its_log() {
        let db = Database::in_memory_before_migrations().await.unwrap();
        Migrator::up(&db, Some(8)).await.unwrap();
        let dot = r#"[7,"6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10"]"#;
        let after = r#"{"model":"file","id":"f","stream":"file","device":"6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10","position":2},{"device":"6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10","id":"t","model":"tag","position":6,"stream":"shared"}"#;
        let change = format!(
            r#"{{"model":"file_tag","id":"f/t","dot":{dot},"after":[{after}],"what":{{"unlink":[{dot}]}}}}"#
        );
        let device = "x'6f1c3f529d0e4d2b8f430c9c5f2b7a10'";
        let rows = [
            format!(
                "INSERT INTO sync_marks (stream, device, position, head, pruned) VALUES ('shared', {device}, 7, 0, 6)"
            ),
            format!("INSERT INTO sync_acks VALUES (x'01', 'shared', {device}, 6)"),
            format!("INSERT INTO sync_changes (device, hlc, change) VALUES ({device}, 7, '{change}')"),
        ];
        for row in rows {
            db.execute_unprepared(&row).await.unwrap();
        }
        Migrator::up(&db, None).await.unwrap();
        let logged = sync_change::Entity::find().one(&db).await.unwrap().unwrap();
        let read = Vault::default().read_change(&logged.change).unwrap();
        assert_eq!((logged.model.as_str(), read.after.len(), read.after[1].position), ("file_tag", 2, 6));
        let marks = sync_mark::Entity::find().all(&db).await.unwrap();
        assert_eq!(marks.len(), 8, "one for each model that was in it");
        assert!(marks.iter().all(|mark| (mark.position, mark.pruned) == (7, 6)), "{marks:?}");
    }

    fn first_dot(row: &sync_shared::Model) -> i64 {
        let dots: Option<Dots> = row.dots.as_deref().map(|text| serde_json::from_str(text).unwrap());
        dots.and_then(|dots| dots.live.first().map(|dot| dot.0.number())).unwrap_or(0)
    }
}
