//! Invented people: names are drawn from the family's lists, the rest by the dice.

use anyhow::Context;
use beffroi_towns::{Day, Dice};
use serde::Deserialize;

/// What the people of one family of documents are made of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Population {
    women: Vec<String>,
    men: Vec<String>,
    surnames: Vec<String>,
    pub(crate) streets: Vec<String>,
    /// "47210 Villebruyère"
    pub(crate) towns: Vec<String>,
    pub(crate) mail_domains: Vec<String>,
    pub(crate) companies: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) woman: bool,
    pub(crate) born: Day,
    pub(crate) street: String,
    /// "47210 Villebruyère"
    pub(crate) town: String,
    pub(crate) mail_domain: String,
    pub(crate) company: String,
}

impl Population {
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).context("the list of names is not as expected")
    }

    pub(crate) fn draw(&self, dice: &mut Dice) -> Person {
        let woman = dice.chance(52);
        Person {
            first: dice
                .pick(if woman { &self.women } else { &self.men })
                .clone(),
            last: dice.pick(&self.surnames).clone(),
            woman,
            born: Day::drawn(dice, 1932, 2019),
            street: dice.pick(&self.streets).clone(),
            town: dice.pick(&self.towns).clone(),
            mail_domain: dice.pick(&self.mail_domains).clone(),
            company: dice.pick(&self.companies).clone(),
        }
    }
}
