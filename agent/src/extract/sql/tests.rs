//! Dumps as the programs write them.

use super::super::tests::{Heard, extract};
use super::*;

fn rows(heard: &Heard) -> Vec<Vec<&str>> {
    let rows = heard.rows.iter();
    rows.map(|row| row.iter().map(String::as_str).collect())
        .collect()
}

#[test]
fn mysql_writes_many_rows_a_statement() {
    let dump = b"-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `agents`;\nCREATE TABLE `agents` (\n  `id` int(11),\n  `nom` \
        varchar(80)\n);\nINSERT INTO `agents` VALUES (1,'O\\'Brien'),(2,'D''Arc \"Jeanne\"'),(3,NULL);\nINSERT INTO `agents` \
        VALUES (4,'N\\nT;(a,b)');\nUNLOCK TABLES;\n";
    let (outcome, heard) = extract(dump);
    assert_eq!(outcome.media_type, "application/sql");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.parts, ["", "table « agents »", ""]);
    assert_eq!(
        rows(&heard)[7..],
        [
            vec!["id", "nom"],
            vec!["1", "O'Brien"],
            vec!["2", "D'Arc \"Jeanne\""],
            vec!["3", ""],
            vec!["4", "N T;(a,b)"],
            vec!["UNLOCK TABLES;"],
        ]
    );
}

#[test]
fn postgresql_copies_lines() {
    let dump = b"COPY public.agents (id, nom, mel) FROM stdin;\n1\tDurand\tzoe@exemple.fr\n2\t\\N\ta\\tb\\\\c\n\\.\n\nSELECT 1;\n";
    let (_, heard) = extract(dump);
    assert_eq!(
        rows(&heard),
        [
            vec!["id", "nom", "mel"],
            vec!["1", "Durand", "zoe@exemple.fr"],
            vec!["2", "", "a b\\c"],
            vec!["SELECT 1;"],
        ]
    );
}

#[test]
fn sql_server_and_oracle_call_functions() {
    let dump = b"INSERT [dbo].[Agents] ([Nom], [Ne], [Solde]) VALUES (N'Durand', CAST(N'1965-03-12' AS Date), CAST(12.5 AS \
        Decimal(10, 2)))\nGO\ninsert into AGENTS (NOM,NE) values ('Durand',to_date('12/03/65','DD/MM/RR'));\n";
    let (_, heard) = extract(dump);
    assert_eq!(
        rows(&heard),
        [
            vec!["Nom", "Ne", "Solde"],
            vec!["Durand", "1965-03-12", "CAST(12.5 AS Decimal(10, 2))"],
            vec!["GO"],
            vec!["NOM", "NE"],
            vec!["Durand", "12/03/65"],
        ]
    );
}

#[test]
fn backslashes_are_letters_elsewhere() {
    let dump =
        b"INSERT INTO chemins VALUES ('C:\\', E'a\\'b');\nINSERT INTO chemins VALUES ('fin');\n";
    let (_, heard) = extract(dump);
    assert_eq!(rows(&heard), [vec!["C:\\", "a'b"], vec!["fin"]]);
}

#[test]
fn lines_keep_their_numbers() {
    struct Numbers(Vec<(u64, String)>, u64);
    impl Receiver for Numbers {
        fn begin_text(&mut self, _: Option<&str>) {}
        fn text(&mut self, _: &str) {}
        fn begin_table(&mut self, _: Option<&str>, first_row: u64) {
            self.1 = first_row;
        }
        fn row(&mut self, cells: &[&str]) {
            self.0
                .extend(cells.first().map(|cell| (self.1, (*cell).to_owned())));
            self.1 += 1;
        }
        fn begin_member(&mut self, _: &str) {}
        fn end_member(&mut self, _: &super::super::Outcome<'_>, _: u64) {}
    }
    let dump = "-- un\n\n\n-- quatre\nINSERT INTO a\n(b) VALUES\n('x'),\n('y');\n-- neuf\n\n-- onze\nINSERT INTO a (b) VALUES ('z');\n";
    let mut numbers = Numbers(Vec::new(), 0);
    let mut bytes = dump.as_bytes();
    let text = Text::new(&mut bytes, super::super::chars::Encoding::Utf8);
    super::extract(text, &mut numbers).unwrap();
    let told: Vec<(u64, &str)> = numbers
        .0
        .iter()
        .map(|(row, cell)| (*row, cell.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "-- un"),
            (4, "-- quatre"),
            (0, "b"),
            (1, "x"),
            (2, "y"),
            (9, "-- neuf"),
            (11, "-- onze"),
            (2, "b"),
            (3, "z"),
        ]
    );
}

#[test]
fn a_dump_that_is_cut_or_endless_gives_what_it_has() {
    let (_, heard) = extract(b"INSERT INTO a (b, c) VALUES ('x', 'moiti");
    assert_eq!(rows(&heard), [vec!["b", "c"], vec!["x", "moiti"]]);
    let long = format!(
        "INSERT INTO a (b, c) VALUES (1, '{}'), (2, 'fin');",
        "x".repeat(3 << 20)
    );
    let (_, heard) = extract(long.as_bytes());
    let given: usize = heard
        .rows
        .iter()
        .flatten()
        .map(|cell| cell.matches('x').count())
        .sum();
    assert_eq!(given, 3 << 20);
    assert_eq!(rows(&heard).last().unwrap(), &["2", "fin"]);
    let endless = format!("CREATE TABLE a (\n{}", "x,".repeat(200_000));
    let (_, heard) = extract(endless.as_bytes());
    let given: usize = heard
        .rows
        .iter()
        .flatten()
        .map(|cell| cell.matches('x').count())
        .sum();
    assert_eq!(given, 200_000);
}
