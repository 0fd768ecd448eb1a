//! Dumps of databases, by the programs that make them.

use super::{assert_found, read};

#[test]
fn rows_are_found_in_their_columns_however_they_are_dumped() {
    for dump in [
        "text/postgresql.sql",
        "text/postgresql-inserts.sql",
        "text/sqlite.sql",
    ] {
        let expected = [
            ("table « agents », ligne 1, colonne 4", "colonne.sql"),
            ("table « agents », ligne 2, colonne 5", "notes.sql"),
        ];
        assert_found(dump, "application/sql", &expected);
        let (_, addresses) = read(dump);
        let tables = addresses.tables.iter();
        let rows: Vec<&Vec<String>> = tables.flatten().filter(|row| row.len() == 5).collect();
        assert_eq!(
            rows[0],
            &["id", "Nom", "Prénom", "courriel", "notes"],
            "{dump}"
        );
        assert_eq!(rows[1][1], "O'Brien", "{dump}");
        assert_eq!(rows[3][4], "a,(b);c'd\"e", "{dump}");
        assert_eq!(rows.len(), 4, "{dump}");
    }
}
