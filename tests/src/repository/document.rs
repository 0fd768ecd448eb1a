//! The paths that documents and module headers promise.

use super::File;

#[derive(Debug, PartialEq)]
pub struct Promise {
    pub line: usize,
    /// As written, up to what stands for several files: `rules` for `rules/**/*.toml`.
    pub path: String,
    /// From the project's root, else from the document.
    pub from_root: bool,
}

/// In Markdown: what is between backquotes and looks like a path of the project, and the links to files. `roots` are the
/// names at the project's root.
pub fn promises_of_markdown(document: &File, roots: &[String]) -> Vec<Promise> {
    let lines = document.text.lines().enumerate();
    lines
        .flat_map(|(index, line)| backquoted(line, index + 1, roots).chain(linked(line, index + 1)))
        .collect()
}

/// In Rust: what is between backquotes in the header of a module.
pub fn promises_of_module(source: &File, roots: &[String]) -> Vec<Promise> {
    let lines = source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("//!"));
    lines
        .flat_map(|(index, line)| backquoted(line, index + 1, roots))
        .collect()
}

fn backquoted(line: &str, number: usize, roots: &[String]) -> impl Iterator<Item = Promise> {
    let quoted = line.split('`').skip(1).step_by(2);
    // `tests/run -p x` is a command that begins with a path.
    let first_words = quoted.filter_map(|quoted| quoted.split_whitespace().next());
    first_words
        .map(|word| word.trim_start_matches("./"))
        .filter(|word| looks_like_ours(word, roots))
        .map(move |word| Promise {
            line: number,
            path: definite_part(word),
            from_root: true,
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// `agent` is a word; `agent/src`, `deny.toml` and `nowhere/main.rs` are paths; `/etc/beffroi` is one of a machine.
fn looks_like_ours(word: &str, roots: &[String]) -> bool {
    let Some((first, _)) = word.split_once('/') else {
        return word.contains('.') && roots.iter().any(|root| root == word);
    };
    let is_source = [".md", ".proto", ".rs"]
        .iter()
        .any(|ending| word.ends_with(ending));
    roots.iter().any(|root| root == first) || (is_source && !first.is_empty() && first != "~")
}

fn linked(line: &str, number: usize) -> impl Iterator<Item = Promise> {
    let targets = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets
        .filter_map(|target| target.split('#').next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .map(move |target| Promise {
            line: number,
            path: definite_part(target),
            from_root: false,
        })
}

fn definite_part(path: &str) -> String {
    let segments = path
        .split('/')
        .take_while(|segment| !segment.contains(['*', '{', '<', '…', '[']));
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_paths_between_backquotes() {
        let promises = promises(
            "`tests/run -p x`, `rules/**/*.toml`, `deny.toml`, `agent`, `a/b`, `a/b.rs`, `/etc/a.md`",
        );

        assert_eq!(promises, ["tests/run", "rules", "deny.toml", "a/b.rs"]);
    }

    #[test]
    fn finds_links_to_files_and_leaves_those_to_sites() {
        let promises =
            promises("[A](docs/a.md#top) ![b](b.png) [c](https://example.org/c) [d](#d)");

        assert_eq!(promises, ["docs/a.md", "b.png"]);
    }

    #[test]
    fn reads_the_header_of_a_module_only() {
        let file = file("//! See `rules/facts.toml`.\n/// See `rules/other.toml`.\n");

        let promises = promises_of_module(&file, &roots());

        assert_eq!(
            promises,
            [Promise {
                line: 1,
                path: "rules/facts.toml".to_owned(),
                from_root: true
            }]
        );
    }

    fn promises(text: &str) -> Vec<String> {
        promises_of_markdown(&file(text), &roots())
            .into_iter()
            .map(|promise| promise.path)
            .collect()
    }

    fn file(text: &str) -> File {
        File {
            path: "README.md".to_owned(),
            text: text.to_owned(),
        }
    }

    fn roots() -> Vec<String> {
        ["agent", "rules", "tests", "deny.toml"]
            .map(str::to_owned)
            .to_vec()
    }
}
