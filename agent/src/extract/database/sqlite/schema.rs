//! What the table of tables says of one: its name, its first page, and the columns in the statement that made it.

use super::record::{Record, Value};

pub(super) struct Schema {
    pub(super) name: String,
    pub(super) page: u32,
    pub(super) columns: Vec<String>,
    /// The column that is the number of the row.
    pub(super) row_column: Option<usize>,
}

impl Schema {
    /// None for what holds nothing of its own: indexes, views, what SQLite keeps for itself.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let [
            Value::Text(kind),
            Value::Text(name),
            _,
            Value::Integer(page),
            Value::Text(statement),
            ..,
        ] = record.values.as_slice()
        else {
            return None;
        };
        if kind != "table" || name.starts_with("sqlite_") {
            return None;
        }
        // Without numbers of rows, columns are stored in another order than they are written.
        let in_order = !statement.to_ascii_uppercase().contains("WITHOUT ROWID");
        let definitions = if in_order {
            definitions(statement)
        } else {
            Vec::new()
        };
        Some(Self {
            name: name.clone(),
            page: u32::try_from(*page).ok()?,
            row_column: definitions.iter().position(|definition| {
                let words: Vec<&str> = definition.split_whitespace().skip(1).take(3).collect();
                words.join(" ").eq_ignore_ascii_case("INTEGER PRIMARY KEY")
            }),
            columns: definitions
                .iter()
                .map(|definition| column(definition))
                .collect(),
        })
    }
}

/// What stands between the commas of the outermost brackets, but for what concerns the whole table.
fn definitions(statement: &str) -> Vec<&str> {
    let mut definitions = Vec::new();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut start = 0;
    for (at, sign) in statement.char_indices() {
        match (quote, sign) {
            (Some(end), sign) if sign == end => quote = None,
            (Some(_), _) => (),
            (None, '"' | '\'' | '`') => quote = Some(sign),
            (None, '[') => quote = Some(']'),
            (None, '(') => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            (None, ',' | ')') if depth == 1 => {
                definitions.extend(statement.get(start..at).map(str::trim));
                start = at + 1;
                if sign == ')' {
                    break;
                }
            }
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) => (),
        }
    }
    const OF_THE_TABLE: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
    definitions.retain(|definition| {
        let word = definition.split_whitespace().next().unwrap_or_default();
        let word = word.split('(').next().unwrap_or_default();
        !word.is_empty()
            && !OF_THE_TABLE
                .iter()
                .any(|other| word.eq_ignore_ascii_case(other))
    });
    definitions
}

/// The name that begins a definition, without its quotes.
fn column(definition: &str) -> String {
    for (open, close) in [('"', '"'), ('`', '`'), ('[', ']'), ('\'', '\'')] {
        if let Some((name, _)) = definition
            .strip_prefix(open)
            .and_then(|rest| rest.split_once(close))
        {
            return name.to_owned();
        }
    }
    let name = definition.split(|sign: char| sign.is_whitespace() || sign == '(');
    name.take(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_however_they_are_written() {
        let statement = "CREATE TABLE \"agents (anciens)\" (id INTEGER PRIMARY KEY, [Nom, prénom] TEXT, `tel` VARCHAR(10) DEFAULT ',', \
             \"né le\" DATE, prix DECIMAL(10, 2), CONSTRAINT un UNIQUE (id, tel), PRIMARY KEY(id))";
        let record = Record {
            values: vec![
                Value::Text("table".to_owned()),
                Value::Text("agents".to_owned()),
                Value::Nothing,
                Value::Integer(2),
                Value::Text(statement.to_owned()),
            ],
        };
        let schema = Schema::of(&record).unwrap();
        assert_eq!(
            schema.columns,
            ["id", "Nom, prénom", "tel", "né le", "prix"]
        );
        assert_eq!(schema.row_column, Some(0));
    }
}
