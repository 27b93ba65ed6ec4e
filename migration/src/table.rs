//! What the steps share: how a table keyed by its shard is made on each backend.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

/// A table whose primary key is `keys`, shard key first.
///
/// On SQLite the rows lie in the key's own order (`WITHOUT ROWID`), so that the rows of one
/// parent are neighbours on disk.
pub fn keyed(manager: &SchemaManager<'_>, name: &str, keys: &[&str]) -> TableCreateStatement {
    let mut table = with_key(name, keys);
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// A text of up to `length` characters that lists are in the order of: that of its bytes, whatever
/// the collation of the database. (SQLite compares bytes.)
pub fn ordered(manager: &SchemaManager<'_>, name: &str, length: u32) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.string_len(length).not_null();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// As [`keyed`], for rows that hold long texts: SQLite keeps those beside the key's tree.
pub fn keyed_with_texts(name: &str, keys: &[&str]) -> TableCreateStatement {
    with_key(name, keys)
}

fn with_key(name: &str, keys: &[&str]) -> TableCreateStatement {
    let mut key = Index::create();
    for column in keys {
        key.col(Alias::new(*column));
    }
    let mut table = Table::create();
    table.table(Alias::new(name)).primary_key(&mut key);
    table
}

/// The foreign key from `table.columns` to the primary key `parent.keys` of the same shard.
pub fn within_shard(
    table: &str,
    columns: &[&str],
    parent: &str,
    keys: &[&str],
) -> ForeignKeyCreateStatement {
    let mut reference = ForeignKey::create();
    reference
        .name(format!("fk_{table}_{parent}"))
        .from_tbl(Alias::new(table))
        .to_tbl(Alias::new(parent))
        .on_delete(ForeignKeyAction::Cascade);
    for column in columns {
        reference.from_col(Alias::new(*column));
    }
    for key in keys {
        reference.to_col(Alias::new(*key));
    }
    reference
}

/// An index that serves the order of `columns`.
pub fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("idx_{table}_{}", columns.join("_")))
        .table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

/// An index by which SQLite finds the rows of a page again, the order of which it has from another
/// index, one with the list's segments before the order. PostgreSQL reads the rows in that order at
/// once. It must not have this one: it expects somebody with few rows, of whom it would rather read
/// all, and leave out those of other segments, by the smaller of the two.
pub async fn found_again(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        manager.create_index(index(table, columns)).await?;
    }
    Ok(())
}

/// Drops `tables` in the order given.
pub async fn drop_all(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(Alias::new(*table)).to_owned())
            .await?;
    }
    Ok(())
}

/// Adds `column` to `table`.
pub async fn add(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &mut ColumnDef,
) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(column);
    manager.alter_table(change).await
}

/// Takes `column` out of `table`.
pub async fn remove(manager: &SchemaManager<'_>, table: &str, column: &str) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change
        .table(Alias::new(table))
        .drop_column(Alias::new(column));
    manager.alter_table(change).await
}
