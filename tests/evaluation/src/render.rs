//! From a template to a text and the list of what was planted in it.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use beffroi_towns::Dice;

use crate::dress::quoted;
use crate::encoding::Encoding;
use crate::kinds::{Kind, kind};
use crate::people::{Person, Population};
use crate::template::{Part, Template};
use crate::values::{self, Pen};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    pub kind: Kind,
    pub written: String,
    /// From 1.
    pub line: usize,
    /// A matter of judgement: found or not, both are right.
    pub tolerated: bool,
}

pub(crate) fn render(
    template: &Template,
    population: &Population,
    encoding: Encoding,
    dice: &mut Dice,
) -> anyhow::Result<(String, Vec<Planted>)> {
    let person = population.draw(dice);
    let mut writer = Writer {
        template,
        population,
        encoding,
        person,
        dice,
        habits: BTreeMap::new(),
        text: String::new(),
        line: 1,
        planted: Vec::new(),
    };
    writer
        .parts(&template.body, false)
        .with_context(|| format!("in the template {}", template.name))?;
    Ok((writer.text, writer.planted))
}

/// Four cells of five in a table are written in the same manner.
const TIDINESS: u32 = 80;

struct Writer<'a> {
    template: &'a Template,
    population: &'a Population,
    encoding: Encoding,
    person: Person,
    dice: &'a mut Dice,
    /// How each sort of value is written in this document.
    habits: BTreeMap<&'a str, u32>,
    text: String,
    line: usize,
    planted: Vec<Planted>,
}

impl<'a> Writer<'a> {
    fn parts(&mut self, parts: &'a [Part], in_table: bool) -> anyhow::Result<()> {
        for part in parts {
            match part {
                Part::Text(text) => self.write(text),
                Part::Next => self.person = self.population.draw(self.dice),
                Part::Words(words) => {
                    let word = self.dice.pick(words);
                    self.write(word);
                }
                Part::Planted {
                    kind,
                    words,
                    tolerated,
                } => {
                    let word = self.dice.pick(words);
                    self.plant(kind, word, *tolerated)?;
                }
                Part::Value { name, tolerated } => self.value(name, *tolerated, in_table)?,
                Part::Repeat { low, high, body } => {
                    for _ in 0..self.dice.between(*low, *high) {
                        self.person = self.population.draw(self.dice);
                        self.parts(body, true)?;
                    }
                }
                Part::Maybe { percent, body } => {
                    if self.dice.chance(*percent) {
                        self.parts(body, in_table)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, name: &'a str, tolerated: bool, in_table: bool) -> anyhow::Result<()> {
        let fresh = self.dice.between(0, u32::MAX - 1);
        let habit = *self.habits.entry(name).or_insert(fresh);
        let keeps = in_table && self.dice.chance(TIDINESS);
        let mut pen = Pen {
            dice: self.dice,
            habit: if keeps { habit } else { fresh },
            encoding: self.encoding,
        };
        let value = values::draw(name, &self.person, &mut pen)
            .with_context(|| format!("no value is named {name}"))?;
        let written = quoted(&self.template.extension, &value.written);
        match value.kind {
            Some(kind) => self.plant(kind, &written, tolerated),
            None => {
                ensure!(!tolerated, "nothing to tolerate in {name}");
                self.write(&written);
                Ok(())
            }
        }
    }

    fn plant(&mut self, id: &str, written: &str, tolerated: bool) -> anyhow::Result<()> {
        self.planted.push(Planted {
            kind: kind(id).with_context(|| format!("no kind is named {id}"))?,
            written: written.to_owned(),
            line: self.line,
            tolerated,
        });
        self.write(written);
        Ok(())
    }

    fn write(&mut self, text: &str) {
        self.line += text.matches('\n').count();
        self.text.push_str(text);
    }
}
