//! Declarative conditions over facts, answered true, false or unknown.
//!
//! A condition is a TOML table: `all`, `any`, `not`, one test on one `fact`, or `end_of_life`. There is no scripting: what
//! a rule can say is what this file lists. The logic is Kleene's: a fact that nobody has observed makes its test unknown,
//! and the unknown only disappears where the other facts settle the answer. That is why an agent that could not read a
//! setting never raises a flag.
//!
//! Besides the vocabulary of `rules/facts.toml`, conditions read what the caller derives from other findings:
//! - `software.<rule id>` and `software_flag.<flag>`: the names of the software found, empty when none;
//! - `holding.<kind>`: how many files hold this kind of data;
//! - `exposure.<kind>`: how many of them everyone on the network can read.

mod written;

use jiff::{Span, civil::Date};

use crate::facts::{FactType, FactValue, Facts};
use crate::lists::EndOfLife;

pub use written::{Readable, WrittenCondition};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Fact {
        name: String,
        test: Test,
    },
    /// Whether the product that the first fact names, in the version that the second one gives, gets no more updates.
    EndOfLife {
        product: String,
        version: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Is(FactValue),
    AtLeast(i64),
    AtMost(i64),
    OneOf(Vec<String>),
    Includes(String),
    Empty(bool),
    /// Whether the fact was observed: the only test that is never unknown.
    Observed(bool),
    OlderThanDays(i32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    Unknown,
}

/// What a condition is evaluated against.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    pub facts: &'a Facts,
    pub today: Date,
    pub end_of_life: &'a EndOfLife,
}

impl Condition {
    pub fn evaluate(&self, circumstances: Circumstances<'_>) -> Truth {
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.evaluate(circumstances))
                .fold(Truth::True, Truth::and),
            Self::Any(parts) => parts
                .iter()
                .map(|part| part.evaluate(circumstances))
                .fold(Truth::False, Truth::or),
            Self::Not(part) => part.evaluate(circumstances).not(),
            Self::Fact { name, test } => {
                test.evaluate(circumstances.facts.value(name), circumstances.today)
            }
            Self::EndOfLife { product, version } => {
                let product = circumstances.facts.value(product);
                let version = circumstances.facts.value(version);
                let (Some(FactValue::Text(product)), Some(FactValue::Text(version))) =
                    (product, version)
                else {
                    return Truth::Unknown;
                };
                circumstances
                    .end_of_life
                    .date(product, version)
                    .map_or(Truth::Unknown, |end| Truth::from(circumstances.today > end))
            }
        }
    }

    /// The names read, in the order of the rule, each once.
    pub fn reads(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_reads(&mut names);
        names
    }

    fn collect_reads<'a>(&'a self, names: &mut Vec<&'a str>) {
        let mut add = |name: &'a str| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        match self {
            Self::Fact { name, .. } => add(name),
            Self::EndOfLife { product, version } => {
                add(product);
                add(version);
            }
            Self::Not(part) => part.collect_reads(names),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect_reads(names);
                }
            }
        }
    }
}

impl Test {
    fn evaluate(&self, value: Option<&FactValue>, today: Date) -> Truth {
        if let Self::Observed(expected) = self {
            return Truth::from(value.is_some() == *expected);
        }
        let Some(value) = value else {
            return Truth::Unknown;
        };
        match (self, value) {
            (Self::Is(expected), value) => Truth::from(expected == value),
            (Self::AtLeast(limit), FactValue::Integer(number)) => Truth::from(number >= limit),
            (Self::AtMost(limit), FactValue::Integer(number)) => Truth::from(number <= limit),
            (Self::OneOf(allowed), FactValue::Text(text)) => Truth::from(allowed.contains(text)),
            (Self::Includes(item), FactValue::List(items)) => Truth::from(items.contains(item)),
            (Self::Empty(expected), FactValue::List(items)) => {
                Truth::from(items.is_empty() == *expected)
            }
            (Self::OlderThanDays(days), FactValue::Text(date)) => is_older(date, *days, today),
            // A value of another type than the vocabulary's proves nothing.
            _ => Truth::Unknown,
        }
    }

    fn accepts(&self, kind: FactType) -> bool {
        match self {
            Self::Is(value) => kind.accepts(value),
            Self::AtLeast(_) | Self::AtMost(_) => kind == FactType::Integer,
            Self::OneOf(_) => kind == FactType::Text,
            Self::Includes(_) | Self::Empty(_) => kind == FactType::List,
            Self::OlderThanDays(_) => kind == FactType::Date,
            Self::Observed(_) => true,
        }
    }
}

impl Truth {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

/// The name under which conditions read the software of one rule.
pub fn software_fact(id: &str) -> String {
    format!("software.{id}")
}

/// The name under which conditions read all software that bears a flag.
pub fn flag_fact(flag: &str) -> String {
    format!("software_flag.{flag}")
}

/// The name under which conditions read how many files hold one kind of data.
pub fn holding_fact(kind: &str) -> String {
    format!("holding.{kind}")
}

/// The name under which conditions read the exposure of one kind of data.
pub fn exposure_fact(kind: &str) -> String {
    format!("exposure.{kind}")
}

fn is_older(date: &str, days: i32, today: Date) -> Truth {
    let Ok(date) = date.parse::<Date>() else {
        return Truth::Unknown;
    };
    today
        .checked_sub(Span::new().days(days))
        .map_or(Truth::Unknown, |limit| Truth::from(date < limit))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use toml::Spanned;

    use super::*;
    use crate::facts::{Fact, Vocabulary};
    use crate::load::Diagnostic;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    #[derive(Debug, Deserialize)]
    struct Holder {
        when: Spanned<WrittenCondition>,
    }

    fn read(condition: &str) -> Result<Condition, Diagnostic> {
        let text = format!("when = {condition}");
        let vocabulary = Vocabulary::parse("facts.toml", include_str!("../facts.toml"))?;
        let readable = Readable::new(&vocabulary, ["anydesk"], ["remote_access"], ["nir"]);
        let holder: Holder = crate::load::parse("rule.toml", &text)?;
        WrittenCondition::check(holder.when, &readable, "rule.toml", &text)
    }

    fn answer(condition: &str, facts: &[(&str, FactValue)]) -> Truth {
        let facts = facts
            .iter()
            .map(|(name, value)| Fact {
                name: (*name).to_owned(),
                value: value.clone(),
                source: String::new(),
                observed_at: None,
            })
            .collect();
        let end_of_life =
            EndOfLife::parse("e.toml", include_str!("../lists/end-of-life.toml")).unwrap();
        let circumstances = Circumstances {
            facts: &facts,
            today: TODAY,
            end_of_life: &end_of_life,
        };
        read(condition).unwrap().evaluate(circumstances)
    }

    fn yes() -> FactValue {
        FactValue::Boolean(true)
    }

    #[test]
    fn an_unknown_fact_is_unknown_and_so_is_its_negation() {
        assert_eq!(
            answer("{ fact = \"firewall.active\", is = true }", &[]),
            Truth::Unknown
        );
        assert_eq!(
            answer("{ not = { fact = \"firewall.active\", is = true } }", &[]),
            Truth::Unknown
        );
    }

    #[test]
    fn what_is_known_settles_what_is_not() {
        let both =
            "[{ fact = \"firewall.active\", is = true }, { fact = \"ssh.enabled\", is = true }]";
        let known = [("ssh.enabled", FactValue::Boolean(false))];
        assert_eq!(answer(&format!("{{ all = {both} }}"), &known), Truth::False);
        assert_eq!(
            answer(&format!("{{ any = {both} }}"), &known),
            Truth::Unknown
        );
        assert_eq!(
            answer(&format!("{{ any = {both} }}"), &[("ssh.enabled", yes())]),
            Truth::True
        );
    }

    #[test]
    fn dates_are_compared_with_the_day_given() {
        let condition = "{ fact = \"updates.last_success\", older_than_days = 30 }";
        let on = |date: &str| {
            answer(
                condition,
                &[("updates.last_success", FactValue::Text(date.into()))],
            )
        };
        assert_eq!(on("2026-10-21"), Truth::True);
        assert_eq!(on("2026-10-22"), Truth::False);
        assert_eq!(on("hier"), Truth::Unknown);
    }

    #[test]
    fn end_of_life_is_unknown_for_a_product_that_the_list_does_not_have() {
        let system = |id: &str, version: &str| {
            let facts = [
                ("os.id", FactValue::Text(id.into())),
                ("os.version", FactValue::Text(version.into())),
            ];
            answer("{ end_of_life = [\"os.id\", \"os.version\"] }", &facts)
        };
        assert_eq!(system("debian", "10"), Truth::True);
        assert_eq!(system("debian", "13"), Truth::False);
        assert_eq!(system("beos", "5"), Truth::Unknown);
    }

    #[test]
    fn observed_is_never_unknown() {
        assert_eq!(
            answer("{ fact = \"ssh.enabled\", observed = true }", &[]),
            Truth::False
        );
        assert_eq!(
            answer(
                "{ fact = \"ssh.enabled\", observed = true }",
                &[("ssh.enabled", yes())]
            ),
            Truth::True
        );
    }

    #[test]
    fn names_the_fact_meant() {
        let error = read("{ fact = \"firewal.active\", is = true }").unwrap_err();
        assert_eq!((error.line, error.column), (1, 17));
        assert_eq!(error.suggestion.as_deref(), Some("firewall.active"));
    }

    #[test]
    fn refuses_a_test_that_does_not_fit_the_type() {
        let error = read("{ fact = \"firewall.active\", at_least = 3 }").unwrap_err();
        assert!(error.message.contains("Boolean"), "{error}");
    }

    #[test]
    fn refuses_two_tests_or_none() {
        assert!(read("{ fact = \"password.min_length\", at_least = 3, at_most = 5 }").is_err());
        assert!(read("{ fact = \"password.min_length\" }").is_err());
        assert!(read("{ all = [], any = [] }").is_err());
    }

    #[test]
    fn derived_names_are_readable() {
        let found = [("exposure.nir", FactValue::Integer(3))];
        assert_eq!(
            answer("{ fact = \"exposure.nir\", at_most = 0 }", &found),
            Truth::False
        );
        let found = [(
            "software_flag.remote_access",
            FactValue::List(vec!["AnyDesk".into()]),
        )];
        assert_eq!(
            answer(
                "{ fact = \"software_flag.remote_access\", empty = true }",
                &found
            ),
            Truth::False
        );
    }
}
