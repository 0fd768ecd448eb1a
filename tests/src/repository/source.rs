//! The names that a Rust file uses, each with its line.
//!
//! Tokens are read, not text: a name in a comment or in a string is none, a name inside a macro or an attribute is one.
//! `use a::{b, c::D}` gives `a::b` and `a::c::D`; `super::` and `self::` are resolved, so that a module has one name
//! wherever it is used. Beside paths, these count as names: a macro (`todo!`), an attribute (`#[ignore]`), a condition
//! (`cfg(unix)`), and `unsafe`. Any other single word is not: `windows` may be a method of slices.

use std::{iter::Peekable, str::FromStr};

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree, token_stream};

use super::File;

#[derive(Debug)]
pub struct Source {
    pub path: String,
    /// From the root of the package: `[store, files]` for `collector/src/store/files.rs`.
    pub module: Vec<String>,
    pub names: Vec<Name>,
    /// Modules that exist for tests only and are written in files of their own.
    pub test_modules: Vec<Vec<String>>,
}

#[derive(Debug, PartialEq)]
pub struct Name {
    pub segments: Vec<String>,
    pub line: usize,
    /// Below `#[cfg(test)]`.
    pub in_test: bool,
}

impl Source {
    pub fn read(file: &File) -> Self {
        let tokens = TokenStream::from_str(&file.text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let module = module_of(&file.path);
        let mut reader = Reader {
            own_crate: format!("beffroi_{}", package_of(&file.path).replace('-', "_")),
            names: Vec::new(),
            test_modules: Vec::new(),
        };
        reader.read(tokens, &module, false);
        Self {
            path: file.path.clone(),
            module,
            names: reader.names,
            test_modules: reader.test_modules,
        }
    }

    /// `agent`, `tests/towns`: the folder of the package.
    pub fn package(&self) -> &str {
        package_of(&self.path)
    }
}

fn package_of(path: &str) -> &str {
    let folders = ["/src/", "/tests/", "/stories/", "/benches/"];
    let end = folders.iter().filter_map(|folder| path.rfind(folder)).min();
    end.map_or("", |end| &path[..end])
}

fn module_of(path: &str) -> Vec<String> {
    let Some((_, inside)) = path.split_once("/src/") else {
        return Vec::new();
    };
    let inside = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    match inside {
        "lib" | "main" => Vec::new(),
        _ => inside.split('/').map(str::to_owned).collect(),
    }
}

struct Reader {
    own_crate: String,
    names: Vec<Name>,
    test_modules: Vec<Vec<String>>,
}

type Tokens = Peekable<token_stream::IntoIter>;

impl Reader {
    fn read(&mut self, tokens: TokenStream, module: &[String], in_test: bool) {
        let mut tokens = tokens.into_iter().peekable();
        // `#[cfg(test)]` covers what follows it, up to a semicolon or a block.
        let mut test_item = false;
        while let Some(token) = tokens.next() {
            let in_test = in_test || test_item;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    next_if(&mut tokens, '!');
                    if let Some(attribute) = next_group(&mut tokens, Delimiter::Bracket) {
                        test_item |= is_cfg_test(&attribute);
                        self.attribute(&attribute, module, in_test);
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => test_item = false,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                TokenTree::Group(group) => {
                    self.read(group.stream(), module, in_test);
                    test_item &= group.delimiter() != Delimiter::Brace;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    let Some(TokenTree::Ident(name)) = tokens.next() else {
                        continue;
                    };
                    let inner = [module, &[name.to_string()]].concat();
                    if let Some(body) = next_group(&mut tokens, Delimiter::Brace) {
                        self.read(body.stream(), &inner, in_test);
                        test_item = false;
                    } else if in_test {
                        self.test_modules.push(inner);
                    }
                }
                TokenTree::Ident(word) => self.path(&[], &word, &mut tokens, module, in_test),
            }
        }
    }

    fn attribute(&mut self, attribute: &Group, module: &[String], in_test: bool) {
        if let Some(TokenTree::Ident(word)) = attribute.stream().into_iter().next() {
            self.push(vec![format!("#[{word}]")], word.span(), module, in_test);
        }
        self.read(attribute.stream(), module, in_test);
    }

    /// A path that begins with `prefix`, which stands before the braces of `use a::{…}`, and goes on with `first`.
    fn path(
        &mut self,
        prefix: &[String],
        first: &Ident,
        tokens: &mut Tokens,
        module: &[String],
        in_test: bool,
    ) {
        let mut segments = prefix.to_vec();
        if prefix.is_empty() || first != "self" {
            segments.push(first.to_string());
        }
        while next_is_path_separator(tokens) {
            match tokens.next_if(|token| !is(token, '<')) {
                Some(TokenTree::Ident(word)) => segments.push(word.to_string()),
                Some(TokenTree::Group(group)) => {
                    return self.branches(&segments, group.stream(), module, in_test);
                }
                Some(glob) => segments.push(glob.to_string()),
                None => break,
            }
        }
        if is_next(tokens, '!') {
            let name = segments.last().map(|name| format!("{name}!"));
            self.push(name.into_iter().collect(), first.span(), module, in_test);
        }
        if first == "cfg" || first == "cfg_attr" {
            next_if(tokens, '!');
            if let Some(condition) = next_group(tokens, Delimiter::Parenthesis) {
                for word in words(condition.stream()) {
                    self.push(vec![format!("cfg({word})")], word.span(), module, in_test);
                }
            }
        }
        if segments.len() > 1 || first == "unsafe" {
            self.push(segments, first.span(), module, in_test);
        }
    }

    fn branches(
        &mut self,
        prefix: &[String],
        branches: TokenStream,
        module: &[String],
        in_test: bool,
    ) {
        let mut tokens = branches.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(first) => self.path(prefix, &first, &mut tokens, module, in_test),
                TokenTree::Punct(glob) if glob.as_char() == '*' => {
                    self.push(
                        [prefix, &["*".to_owned()]].concat(),
                        glob.span(),
                        module,
                        in_test,
                    );
                }
                _ => {}
            }
            // `as Other`
            while tokens.next_if(|token| !is(token, ',')).is_some() {}
            next_if(&mut tokens, ',');
        }
    }

    fn push(&mut self, segments: Vec<String>, at: Span, module: &[String], in_test: bool) {
        let segments = resolve(segments, module, &self.own_crate);
        self.names.push(Name {
            segments,
            line: at.start().line,
            in_test,
        });
    }
}

/// Names our own modules from `crate`, wherever they are used.
fn resolve(segments: Vec<String>, module: &[String], own_crate: &str) -> Vec<String> {
    let [first, _, ..] = segments.as_slice() else {
        return segments;
    };
    if first == own_crate {
        return [&["crate".to_owned()], &segments[1..]].concat();
    }
    let supers = segments
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    if first != "self" && supers == 0 {
        return segments;
    }
    let kept = module.len().saturating_sub(supers);
    let skipped = if first == "self" { 1 } else { supers };
    [&["crate".to_owned()], &module[..kept], &segments[skipped..]].concat()
}

fn is_cfg_test(attribute: &Group) -> bool {
    words(attribute.stream())
        .iter()
        .map(ToString::to_string)
        .eq(["cfg", "test"])
}

/// Every identifier, at any depth.
fn words(tokens: TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => found.push(word),
            TokenTree::Group(group) => found.extend(words(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

fn is(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn is_next(tokens: &mut Tokens, character: char) -> bool {
    tokens.peek().is_some_and(|token| is(token, character))
}

fn next_if(tokens: &mut Tokens, character: char) -> bool {
    tokens.next_if(|token| is(token, character)).is_some()
}

/// `::`, not the colon between a name and its type.
fn next_is_path_separator(tokens: &mut Tokens) -> bool {
    let is_joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    tokens
        .next_if(|token| is(token, ':') && is_joint(token))
        .is_some()
        && next_if(tokens, ':')
}

fn next_group(tokens: &mut Tokens, delimiter: Delimiter) -> Option<Group> {
    let token = tokens.next_if(
        |token| matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter),
    )?;
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_paths_wherever_they_are_written() {
        let names = names(
            "use std::{fs, path::{self, Path}};\n\
             fn f() { tokio::time::sleep(x::<u8>()); println!(\"{}\", sqlx::query(1)); }\n\
             #[derive(sea_orm::Entity)] struct S;",
        );

        for (name, line) in [
            ("std::fs", 1),
            ("std::path", 1),
            ("std::path::Path", 1),
            ("tokio::time::sleep", 2),
            ("sqlx::query", 2),
            ("sea_orm::Entity", 3),
        ] {
            assert!(
                names.contains(&(name.to_owned(), line)),
                "{name}:{line} is not among {names:?}"
            );
        }
    }

    #[test]
    fn names_our_own_modules_from_the_root_of_the_package() {
        let names = names(
            "use super::{ingest, *}; use self::rows::file; use crate::web::*;\n\
             mod inner { use super::super::jobs; use super::{token as t, gap}; }\n\
             fn f() { beffroi_collector::cli::run() }",
        );

        for name in [
            "crate::ingest",
            "crate::store::rows::file",
            "crate::*",
            "crate::web::*",
            "crate::jobs",
            "crate::store::token",
            "crate::store::gap",
            "crate::cli::run",
        ] {
            assert!(
                names.iter().any(|(found, _)| found == name),
                "{name} is not among {names:?}"
            );
        }
    }

    #[test]
    fn sees_macros_attributes_conditions_and_words() {
        let names = names(
            "#[ignore = \"later\"] #[cfg(not(windows))] fn f() { unsafe { todo!(\"{}\", cfg!(unix)) } a.windows(2) }",
        );

        for name in ["#[ignore]", "cfg(windows)", "unsafe", "todo!", "cfg(unix)"] {
            assert!(
                names.iter().any(|(found, _)| found == name),
                "{name} is not among {names:?}"
            );
        }
        assert!(!names.iter().any(|(found, _)| found == "windows"));
    }

    #[test]
    fn takes_no_name_from_comments_and_strings() {
        let names = names("// tokio::spawn\n/// sqlx::query\nconst A: &str = \"std::fs::read\";");

        assert!(
            names.iter().all(|(name, _)| !name.contains("::")),
            "{names:?}"
        );
    }

    #[test]
    fn knows_what_is_for_tests_only() {
        let source = read(
            "#[cfg(test)] mod world; #[cfg(test)] mod tests { use a::b; } #[cfg(test)] use c::d; use e::f;",
        );

        let in_test = |wanted: &str| {
            source
                .names
                .iter()
                .find(|name| name.segments.join("::") == wanted)
                .unwrap()
                .in_test
        };
        assert_eq!(["a::b", "c::d", "e::f"].map(in_test), [true, true, false]);
        assert_eq!(source.test_modules, [["store", "world"]]);
    }

    #[test]
    fn knows_package_and_module_from_the_path() {
        assert_eq!(package_of("tests/towns/src/services/mod.rs"), "tests/towns");
        assert_eq!(package_of("rules/tests/pack.rs"), "rules");
        assert_eq!(module_of("agent/src/main.rs"), Vec::<String>::new());
        assert_eq!(module_of("agent/src/scan/mod.rs"), ["scan"]);
        assert_eq!(module_of("agent/src/scan/walk.rs"), ["scan", "walk"]);
    }

    fn names(text: &str) -> Vec<(String, usize)> {
        read(text)
            .names
            .into_iter()
            .map(|name| (name.segments.join("::"), name.line))
            .collect()
    }

    fn read(text: &str) -> Source {
        Source::read(&File {
            path: "collector/src/store/mod.rs".to_owned(),
            text: text.to_owned(),
        })
    }
}
