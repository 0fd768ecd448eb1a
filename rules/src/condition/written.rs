//! Conditions as rule files write them: TOML tables, checked against the names that may be read and their types.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Condition, Test, exposure_fact, flag_fact, holding_fact, software_fact};
use crate::facts::{FactType, FactValue, Vocabulary};
use crate::load::Diagnostic;

/// A condition as it is written, before its names and types are checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenCondition {
    all: Option<Vec<Spanned<WrittenCondition>>>,
    any: Option<Vec<Spanned<WrittenCondition>>>,
    not: Option<Box<Spanned<WrittenCondition>>>,
    end_of_life: Option<[Spanned<String>; 2]>,
    fact: Option<Spanned<String>>,
    is: Option<FactValue>,
    at_least: Option<i64>,
    at_most: Option<i64>,
    one_of: Option<Vec<String>>,
    includes: Option<String>,
    empty: Option<bool>,
    observed: Option<bool>,
    older_than_days: Option<i32>,
}

/// The names that a condition may read, with their types.
#[derive(Debug, Clone, Default)]
pub struct Readable(BTreeMap<String, FactType>);

impl WrittenCondition {
    /// Checks names and types. `place` is where the table stands in `text`.
    pub fn check(
        written: Spanned<Self>,
        readable: &Readable,
        file: &str,
        text: &str,
    ) -> Result<Condition, Diagnostic> {
        let span = written.span();
        let wrong = |message: &str| Diagnostic::at(file, text, span.clone(), message);
        let check = |part| Self::check(part, readable, file, text);
        let written = written.into_inner();
        let test = written.test().map_err(wrong)?;

        match (
            written.all,
            written.any,
            written.not,
            written.end_of_life,
            written.fact,
            test,
        ) {
            (Some(parts), None, None, None, None, None) => Ok(Condition::All(
                parts.into_iter().map(check).collect::<Result<_, _>>()?,
            )),
            (None, Some(parts), None, None, None, None) => Ok(Condition::Any(
                parts.into_iter().map(check).collect::<Result<_, _>>()?,
            )),
            (None, None, Some(part), None, None, None) => {
                Ok(Condition::Not(Box::new(check(*part)?)))
            }
            (None, None, None, Some([product, version]), None, None) => {
                for name in [&product, &version] {
                    if readable.type_of(name, file, text)? != FactType::Text {
                        return Err(Diagnostic::at(
                            file,
                            text,
                            name.span(),
                            "`end_of_life` reads two texts",
                        ));
                    }
                }
                Ok(Condition::EndOfLife {
                    product: product.into_inner(),
                    version: version.into_inner(),
                })
            }
            (None, None, None, None, Some(name), Some(test)) => {
                let kind = readable.type_of(&name, file, text)?;
                if !test.accepts(kind) {
                    let message = format!(
                        "the fact `{}` is {kind:?}: this test does not fit",
                        name.get_ref()
                    );
                    return Err(Diagnostic::at(file, text, name.span(), message));
                }
                Ok(Condition::Fact {
                    name: name.into_inner(),
                    test,
                })
            }
            (None, None, None, None, Some(_), None) => Err(wrong(
                "this fact has no test; allowed: is, at_least, at_most, one_of, includes, empty, observed, older_than_days",
            )),
            _ => Err(wrong(
                "a condition is one of `all`, `any`, `not`, `end_of_life`, or `fact` with one test",
            )),
        }
    }

    /// The one test of this table, if any.
    fn test(&self) -> Result<Option<Test>, &'static str> {
        let mut tests = [
            self.is.clone().map(Test::Is),
            self.at_least.map(Test::AtLeast),
            self.at_most.map(Test::AtMost),
            self.one_of.clone().map(Test::OneOf),
            self.includes.clone().map(Test::Includes),
            self.empty.map(Test::Empty),
            self.observed.map(Test::Observed),
            self.older_than_days.map(Test::OlderThanDays),
        ]
        .into_iter()
        .flatten();
        let first = tests.next();
        if tests.next().is_some() {
            return Err("one test per fact: write two conditions under `all`");
        }
        Ok(first)
    }
}

impl Readable {
    /// The vocabulary, and derived names per software rule, software flag and kind of data.
    pub fn new<'a>(
        vocabulary: &Vocabulary,
        software: impl IntoIterator<Item = &'a str>,
        flags: impl IntoIterator<Item = &'a str>,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut names: BTreeMap<String, FactType> = vocabulary
            .iter()
            .map(|(name, entry)| (name.to_owned(), entry.kind))
            .collect();
        names.extend(
            software
                .into_iter()
                .map(|id| (software_fact(id), FactType::List)),
        );
        names.extend(
            flags
                .into_iter()
                .map(|flag| (flag_fact(flag), FactType::List)),
        );
        names.extend(
            kinds
                .into_iter()
                .flat_map(|kind| [holding_fact(kind), exposure_fact(kind)])
                .map(|name| (name, FactType::Integer)),
        );
        Self(names)
    }

    /// The type of a name, or what is wrong with it.
    pub fn type_of(
        &self,
        name: &Spanned<String>,
        file: &str,
        text: &str,
    ) -> Result<FactType, Diagnostic> {
        self.0.get(name.get_ref()).copied().ok_or_else(|| {
            let allowed: Vec<&str> = self.0.keys().map(String::as_str).collect();
            Diagnostic::at(
                file,
                text,
                name.span(),
                format!("unknown fact `{}`", name.get_ref()),
            )
            .suggest(name.get_ref(), &allowed)
        })
    }
}
