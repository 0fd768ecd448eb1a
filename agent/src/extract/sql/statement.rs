//! The heads of statements: which table, which columns.

/// How a statement that matters begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Insert,
    Copy,
    Create,
}

const OPENINGS: &[(&str, Opening)] = &[
    ("insert ", Opening::Insert),
    ("replace into ", Opening::Insert),
    ("copy ", Opening::Copy),
    ("create table ", Opening::Create),
];

/// What stands before the name of a table.
const BEFORE_NAME: &[&str] = &[
    "insert",
    "replace",
    "copy",
    "create",
    "table",
    "into",
    "ignore",
    "or",
    "if",
    "not",
    "exists",
    "only",
    "low_priority",
    "delayed",
    "abort",
    "fail",
    "rollback",
];

/// What begins a line of CREATE TABLE that is no column.
const NO_COLUMNS: &[&str] = &[
    "primary",
    "key",
    "unique",
    "index",
    "constraint",
    "foreign",
    "check",
    "fulltext",
    "spatial",
    "exclude",
    "period",
    "like",
];

/// A table and the columns that are named; none where the statement names none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub name: String,
    pub columns: Vec<String>,
}

impl Opening {
    /// Told as soon as the words are there.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let begins = |words: &str| line.len() == words.len() && line.eq_ignore_ascii_case(words);
        let found = OPENINGS.iter().find(|(words, _)| begins(words));
        found.map(|(_, opening)| *opening)
    }
}

/// Whether some line of a text begins a statement that has rows, as it would be written.
pub(super) fn is_dump(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim_start);
    lines.any(|line| {
        let folded: String = line
            .chars()
            .take(400)
            .flat_map(char::to_lowercase)
            .collect();
        let begins = OPENINGS.iter().find(|(words, _)| folded.starts_with(words));
        match begins.map(|(_, opening)| opening) {
            Some(Opening::Insert) => {
                let is_named = folded.starts_with("insert [") || folded.contains(" into ");
                is_named && (folded.contains('(') || start.to_lowercase().contains("values"))
            }
            Some(Opening::Copy) => folded.contains(" from stdin"),
            Some(Opening::Create) => folded.contains('(') || start.contains(";"),
            None => false,
        }
    })
}

/// Whether rows begin with the `(` that ends this text.
pub(super) fn ends_in_values(head: &str) -> bool {
    let before = head.trim_end_matches('(').trim_end();
    let word = before.len().checked_sub("values".len());
    word.is_some_and(|at| {
        before
            .get(at..)
            .is_some_and(|word| word.eq_ignore_ascii_case("values"))
            && before
                .get(..at)
                .is_some_and(|rest| rest.ends_with([' ', ')', '\n', '\t', '`', ']', '"']))
    })
}

impl Statement {
    /// None where it is another sort of statement.
    pub(super) fn read(opening: Opening, head: &str) -> Option<Self> {
        let (before, columns) = match opening {
            Opening::Insert => {
                let head = head.trim_end_matches('(').trim_end();
                let head = head.get(..head.len().checked_sub("values".len())?)?;
                parenthesised(head).unwrap_or((head, ""))
            }
            Opening::Copy => {
                let at = head.to_ascii_lowercase().find(" from stdin")?;
                let head = head.get(..at)?;
                parenthesised(head).unwrap_or((head, ""))
            }
            Opening::Create => parenthesised(head)?,
        };
        let columns = match opening {
            Opening::Create => split(columns)
                .filter_map(first_word)
                .filter(|(word, is_quoted)| {
                    *is_quoted || !NO_COLUMNS.contains(&word.to_ascii_lowercase().as_str())
                })
                .map(|(word, _)| word)
                .collect(),
            _ => split(columns)
                .filter_map(|column| Some(first_word(column)?.0))
                .collect(),
        };
        Some(Self {
            name: name(before)?,
            columns,
        })
    }
}

/// What stands before the first `(`, and what stands in it.
fn parenthesised(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once('(')?;
    let end = rest.rfind(')').unwrap_or(rest.len());
    Some((before, rest.get(..end)?))
}

/// Between the commas that no parenthesis holds: `decimal(10,2)` is one type.
fn split(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    list.split(move |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    })
}

/// `[dbo].[Agents]`, `public.agents`, `` `mairie`.`agents` ``: the last name.
fn name(before: &str) -> Option<String> {
    let mut rest = before.trim();
    let mut found = None;
    while let Some((word, is_quoted)) = first_word(rest) {
        let length = word.len() + if is_quoted { 2 } else { 0 };
        rest = rest
            .get(length..)
            .unwrap_or_default()
            .trim_start_matches([' ', '\t', '\r', '\n', '.']);
        if is_quoted || !BEFORE_NAME.contains(&word.to_ascii_lowercase().as_str()) {
            found = Some(word);
        }
    }
    found
}

/// Without its quotes, and whether it had some.
fn first_word(text: &str) -> Option<(String, bool)> {
    let text = text.trim_start();
    let closing = match text.chars().next()? {
        '`' => '`',
        '"' => '"',
        '\'' => '\'',
        '[' => ']',
        _ => {
            let is_end = |letter: char| {
                !letter.is_alphanumeric() && !matches!(letter, '_' | '$' | '#' | '-')
            };
            let word = text.split(is_end).next().unwrap_or_default();
            return (!word.is_empty()).then(|| (word.to_owned(), false));
        }
    };
    let inside = text.get(1..)?;
    let word = inside.get(..inside.find(closing)?)?;
    Some((word.to_owned(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(opening: Opening, head: &str) -> (String, Vec<String>) {
        let statement = Statement::read(opening, head).unwrap();
        (statement.name, statement.columns)
    }

    #[test]
    fn every_program_writes_its_own_heads() {
        let agents = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
            ("agents".to_owned(), columns)
        };
        for (head, columns) in [
            (
                "INSERT INTO `agents` (`nom`, `né le`) VALUES (",
                &["nom", "né le"][..],
            ),
            ("INSERT INTO agents VALUES(", &[]),
            (
                "insert into MAIRIE.agents (NOM,PRENOM) values (",
                &["NOM", "PRENOM"],
            ),
            (
                "INSERT [dbo].[agents] ([Id], [Nom]) VALUES (",
                &["Id", "Nom"],
            ),
            (
                "INSERT OR REPLACE INTO \"agents\" (\"nom\")\nVALUES\n(",
                &["nom"],
            ),
            ("REPLACE INTO agents (nom) VALUES (", &["nom"]),
        ] {
            assert!(ends_in_values(head), "{head}");
            assert_eq!(read(Opening::Insert, head), agents(columns), "{head}");
        }
        let copy = "COPY public.agents (id, nom) FROM stdin;\n";
        assert_eq!(read(Opening::Copy, copy), agents(&["id", "nom"]));
        let create = "CREATE TABLE IF NOT EXISTS `agents` (\n `id` int(11) NOT NULL,\n nom varchar(80) DEFAULT 'a,b',\n \
             solde decimal(10,2),\n PRIMARY KEY (`id`),\n KEY n (nom)\n) ENGINE=InnoDB;";
        let (name, columns) = read(Opening::Create, create);
        assert_eq!(name, "agents");
        assert_eq!(
            columns.get(..2),
            Some(&["id".to_owned(), "nom".to_owned()][..])
        );
        assert!(columns.contains(&"solde".to_owned()) && !columns.contains(&"KEY".to_owned()));
    }

    #[test]
    fn other_texts_are_no_dumps() {
        for text in [
            "Create table tennis club\n",
            "insert coin\n",
            "Copy of the letter\n",
            "Nom;Prénom\nDurand;Zoé\n",
            "",
        ] {
            assert!(!is_dump(text), "{text}");
        }
        assert!(is_dump("-- dump\n\nINSERT INTO agents VALUES (1);\n"));
        assert!(is_dump("SET x;\nCOPY public.a (b) FROM stdin;\n1\n\\.\n"));
    }
}
