use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    Result,
    app::{App, Pool},
};

diesel::table! {
    /// The migrations that the database has, as kept by the migration library.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// The migrations that the database has.
pub(super) async fn list_migrations(app: &App) -> Result<Vec<String>> {
    use __diesel_schema_migrations::{table, version};
    let mut connection = app.connection(Pool::Requests).await?;
    Ok(table.select(version).load(&mut connection).await?)
}
