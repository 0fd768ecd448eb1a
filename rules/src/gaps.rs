//! Gap rules: what a machine should be like, why, and what a clerk can do about it.
//!
//! Comes in: `rules/gaps/<id>.toml` and the facts of one machine. Goes out: an [`Evaluation`], that is one of four answers
//! with the facts it rests on. No proof, no flag: a shortfall is only answered when every fact that decides was observed.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::condition::{Circumstances, Condition, Readable, Truth, WrittenCondition};
use crate::confidence::Confidence;
use crate::facts::{Fact, FactValue, Facts};
use crate::lists::{EndOfLife, Guides};
use crate::load::{self, Diagnostic};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRule {
    pub id: String,
    /// The shortfall as a heading: « Le pare-feu est éteint ».
    pub title: String,
    pub severity: Severity,
    /// None: the rule concerns every machine.
    pub applies: Option<Condition>,
    pub compliant: Condition,
    pub why: String,
    pub remedy: Remedy,
    pub sources: Vec<Source>,
    pub confidence: Confidence,
    pub examples: Vec<Example>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// For a clerk of a small town: what to do, who does it, how long it takes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    pub what: String,
    pub who: String,
    pub duration: String,
}

/// An item of a guide of `rules/lists/guides.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub guide: String,
    pub number: u16,
    /// As a reader expects it, in French.
    pub citation: String,
}

/// Facts and the answer they must give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub why: String,
    pub facts: Facts,
    pub today: Date,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Shortfall,
    Compliant,
    Unknown,
    NotApplicable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation<'a> {
    pub outcome: Outcome,
    /// Every fact that the rule reads, in its order.
    pub proof: Vec<Reading<'a>>,
}

/// One fact that a rule has read, or missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'a> {
    pub name: &'a str,
    pub fact: Option<&'a Fact>,
}

/// The answer of `rule` for the machine that `facts` describes.
pub fn evaluate<'a>(
    rule: &'a GapRule,
    facts: &'a Facts,
    today: Date,
    end_of_life: &EndOfLife,
) -> Evaluation<'a> {
    let circumstances = Circumstances {
        facts,
        today,
        end_of_life,
    };
    let applies = rule
        .applies
        .as_ref()
        .map_or(Truth::True, |condition| condition.evaluate(circumstances));

    let outcome = match applies {
        Truth::False => Outcome::NotApplicable,
        Truth::Unknown => Outcome::Unknown,
        Truth::True => match rule.compliant.evaluate(circumstances) {
            Truth::True => Outcome::Compliant,
            Truth::False => Outcome::Shortfall,
            Truth::Unknown => Outcome::Unknown,
        },
    };
    let proof = rule
        .reads()
        .into_iter()
        .map(|name| Reading {
            name,
            fact: facts.get(name),
        })
        .collect();
    Evaluation { outcome, proof }
}

impl GapRule {
    pub fn parse(
        id: &str,
        file: &str,
        text: &str,
        readable: &Readable,
        guides: &Guides,
    ) -> Result<Self, Diagnostic> {
        let written: WrittenRule = load::parse(file, text)?;
        let check = |condition| WrittenCondition::check(condition, readable, file, text);
        let rule = Self {
            id: id.to_owned(),
            title: written.title,
            severity: written.severity,
            applies: written.applies.map(check).transpose()?,
            compliant: check(written.compliant)?,
            why: written.why,
            remedy: written.remedy,
            sources: read_sources(written.source, file, text, guides)?,
            confidence: written.confidence,
            examples: read_examples(written.examples, file, text, readable)?,
        };
        rule.check_examples(file, text)?;
        Ok(rule)
    }

    /// The names of the facts read, each once.
    pub fn reads(&self) -> Vec<&str> {
        let applies = self.applies.iter().flat_map(Condition::reads);
        let mut names: Vec<&str> = Vec::new();
        for name in applies.chain(self.compliant.reads()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// A rule whose examples never show it flag, or never show it stay silent, proves nothing.
    fn check_examples(&self, file: &str, text: &str) -> Result<(), Diagnostic> {
        for (outcome, word) in [
            (Outcome::Shortfall, "shortfall"),
            (Outcome::Compliant, "compliant"),
        ] {
            if !self
                .examples
                .iter()
                .any(|example| example.outcome == outcome)
            {
                let message = format!("the rule needs an example whose outcome is `{word}`");
                return Err(Diagnostic::at(file, text, 0..0, message));
            }
        }
        Ok(())
    }
}

impl Severity {
    /// The id used in data and in `rules/glossary.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    title: String,
    severity: Severity,
    applies: Option<Spanned<WrittenCondition>>,
    compliant: Spanned<WrittenCondition>,
    why: String,
    remedy: Remedy,
    source: Spanned<Vec<WrittenSource>>,
    confidence: Confidence,
    #[serde(rename = "example")]
    examples: Vec<WrittenExample>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSource {
    guide: Spanned<String>,
    number: Spanned<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExample {
    why: String,
    facts: std::collections::BTreeMap<Spanned<String>, FactValue>,
    /// Only rules that compare dates need one.
    today: Option<Date>,
    outcome: Outcome,
}

fn read_sources(
    written: Spanned<Vec<WrittenSource>>,
    file: &str,
    text: &str,
    guides: &Guides,
) -> Result<Vec<Source>, Diagnostic> {
    if written.get_ref().is_empty() {
        return Err(Diagnostic::at(
            file,
            text,
            written.span(),
            "a rule needs at least one source",
        ));
    }
    let read = |source: WrittenSource| {
        let (guide, number) = (source.guide.get_ref(), *source.number.get_ref());
        if !guides.has(guide) {
            return Err(Diagnostic::at(
                file,
                text,
                source.guide.span(),
                format!("unknown guide `{guide}`"),
            )
            .suggest(guide, &guides.names()));
        }
        let citation = guides.cite(guide, number).ok_or_else(|| {
            let message = format!("the guide `{guide}` has no number {number}");
            Diagnostic::at(file, text, source.number.span(), message)
        })?;
        Ok(Source {
            guide: guide.clone(),
            number,
            citation,
        })
    };
    written.into_inner().into_iter().map(read).collect()
}

fn read_examples(
    written: Vec<WrittenExample>,
    file: &str,
    text: &str,
    readable: &Readable,
) -> Result<Vec<Example>, Diagnostic> {
    const ANY_DAY: Date = jiff::civil::date(2026, 1, 1);

    let read = |example: WrittenExample| {
        let mut facts = Facts::default();
        for (name, value) in example.facts {
            let kind = readable.type_of(&name, file, text)?;
            if !kind.accepts(&value) {
                let message = format!("the fact `{}` is {kind:?}, not this value", name.get_ref());
                return Err(Diagnostic::at(file, text, name.span(), message));
            }
            let name = name.into_inner();
            facts.insert(Fact {
                name,
                value,
                source: "example".to_owned(),
                observed_at: None,
            });
        }
        let today = example.today.unwrap_or(ANY_DAY);
        Ok(Example {
            why: example.why,
            facts,
            today,
            outcome: example.outcome,
        })
    };
    written.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Vocabulary;

    const FIREWALL: &str = r#"
title = "Le pare-feu est éteint"
severity = "high"
applies = { fact = "os.family", is = "linux" }
compliant = { fact = "firewall.active", is = true }
why = "…"
remedy = { what = "…", who = "…", duration = "…" }
source = [{ guide = "anssi_hygiene", number = 17 }]
confidence = "high"
example = [
    { why = "éteint", facts = { "os.family" = "linux", "firewall.active" = false }, outcome = "shortfall" },
    { why = "actif", facts = { "os.family" = "linux", "firewall.active" = true }, outcome = "compliant" },
]
"#;

    fn parse(text: &str) -> Result<GapRule, Diagnostic> {
        let vocabulary = Vocabulary::parse("facts.toml", include_str!("../facts.toml"))?;
        let readable = Readable::new(&vocabulary, [], [], []);
        let guides = Guides::parse("guides.toml", include_str!("../lists/guides.toml"))?;
        GapRule::parse(
            "firewall",
            "rules/gaps/firewall.toml",
            text,
            &readable,
            &guides,
        )
    }

    fn answer(facts: &[(&str, FactValue)]) -> Outcome {
        let rule = parse(FIREWALL).unwrap();
        let facts = facts
            .iter()
            .map(|(name, value)| Fact {
                name: (*name).to_owned(),
                value: value.clone(),
                source: "test".to_owned(),
                observed_at: None,
            })
            .collect();
        let end_of_life =
            EndOfLife::parse("e.toml", include_str!("../lists/end-of-life.toml")).unwrap();
        evaluate(&rule, &facts, jiff::civil::date(2026, 11, 21), &end_of_life).outcome
    }

    fn family(name: &str) -> (&'static str, FactValue) {
        ("os.family", FactValue::Text(name.to_owned()))
    }

    #[test]
    fn answers_one_of_four() {
        let active = |on| ("firewall.active", FactValue::Boolean(on));
        assert_eq!(
            answer(&[family("linux"), active(false)]),
            Outcome::Shortfall
        );
        assert_eq!(answer(&[family("linux"), active(true)]), Outcome::Compliant);
        assert_eq!(answer(&[family("linux")]), Outcome::Unknown);
        assert_eq!(
            answer(&[family("windows"), active(false)]),
            Outcome::NotApplicable
        );
    }

    #[test]
    fn a_machine_that_says_nothing_is_never_flagged() {
        assert_eq!(answer(&[]), Outcome::Unknown);
    }

    #[test]
    fn the_proof_names_the_facts_read_and_the_facts_missed() {
        let rule = parse(FIREWALL).unwrap();
        let end_of_life =
            EndOfLife::parse("e.toml", include_str!("../lists/end-of-life.toml")).unwrap();
        let facts = Facts::default();
        let evaluation = evaluate(&rule, &facts, jiff::civil::date(2026, 11, 21), &end_of_life);
        let names: Vec<&str> = evaluation
            .proof
            .iter()
            .map(|reading| reading.name)
            .collect();
        assert_eq!(names, ["os.family", "firewall.active"]);
    }

    #[test]
    fn refuses_a_rule_without_a_source() {
        let error =
            parse(&FIREWALL.replace("{ guide = \"anssi_hygiene\", number = 17 }", "")).unwrap_err();
        assert_eq!(
            (error.line, error.message.as_str()),
            (8, "a rule needs at least one source")
        );
    }

    #[test]
    fn refuses_a_number_that_the_guide_does_not_have() {
        let error = parse(&FIREWALL.replace("number = 17", "number = 71")).unwrap_err();
        assert_eq!(error.line, 8);
    }

    #[test]
    fn refuses_a_rule_that_no_example_shows_flagging() {
        let error = parse(&FIREWALL.replace("\"shortfall\"", "\"unknown\"")).unwrap_err();
        assert!(error.message.contains("`shortfall`"), "{error}");
    }

    #[test]
    fn refuses_an_example_with_a_value_of_another_type() {
        let error =
            parse(&FIREWALL.replace("\"firewall.active\" = false", "\"firewall.active\" = 0"))
                .unwrap_err();
        assert_eq!(error.line, 11);
    }

    #[test]
    fn names_the_key_meant() {
        let error = parse(&FIREWALL.replace("severity", "severty")).unwrap_err();
        assert_eq!(
            (error.line, error.suggestion.as_deref()),
            (3, Some("severity"))
        );
    }
}
