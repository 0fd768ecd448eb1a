//! A calendar day in the ways a town hall writes it.

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl Day {
    /// Days 29 to 31 are never drawn, so that every day exists.
    pub fn drawn(dice: &mut Dice, from_year: u32, to_year: u32) -> Self {
        Self {
            year: dice.between(from_year, to_year),
            month: dice.between(1, 12),
            day: dice.between(1, 28),
        }
    }

    /// 12/03/1958
    pub fn slashes(&self) -> String {
        format!("{:02}/{:02}/{}", self.day, self.month, self.year)
    }

    /// 12.03.1958
    pub fn dots(&self) -> String {
        format!("{:02}.{:02}.{}", self.day, self.month, self.year)
    }

    /// 1958-03-12
    pub fn iso(&self) -> String {
        format!("{}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// 12 mars 1958
    pub fn words(&self) -> String {
        let month = MONTHS[self.month.clamp(1, 12) as usize - 1];
        let day = if self.day == 1 {
            "1er".to_owned()
        } else {
            self.day.to_string()
        };
        format!("{day} {month} {}", self.year)
    }

    /// 19580312, as calendars and bank files do.
    pub fn compact(&self) -> String {
        self.iso().replace('-', "")
    }
}
