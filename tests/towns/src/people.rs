//! An inhabitant and each of their numbers, ready to be planted in a page.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::dice::Dice;
use crate::mark::{Kind, Mark};
use crate::names::{MAILBOXES, MEN, STREETS, SURNAMES, WOMEN};
use crate::numbers::{
    FOURS, NIR_GROUPS, PAIRS, PLATE_GROUPS, RIB_GROUPS, SPI_GROUPS, Sep, foreign_iban, french_iban,
    grouped, landline, mobile, nir, payment_card, plate, spi,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub first: String,
    pub last: String,
    pub woman: bool,
    pub born: Day,
    pub address: String,
    /// With its key.
    pub nir: String,
    pub iban: String,
    pub email: String,
    pub mobile: String,
    pub landline: String,
    pub spi: String,
    pub plate: String,
    pub payment_card: String,
}

impl Person {
    pub(crate) fn draw(dice: &mut Dice, rank: usize, born: Day) -> Self {
        let woman = dice.chance(52);
        let first = (*dice.pick(if woman { WOMEN } else { MEN })).to_owned();
        let last = (*dice.pick(SURNAMES)).to_owned();
        // The rank keeps two namesakes apart.
        let email = format!(
            "{}.{}{rank}@{}",
            ascii(&first),
            ascii(&last),
            dice.pick(MAILBOXES)
        );
        Self {
            address: format!("{} {}", dice.between(1, 98), dice.pick(STREETS)),
            nir: nir(dice, woman, born),
            iban: if dice.chance(6) {
                foreign_iban(dice)
            } else {
                french_iban(dice)
            },
            mobile: mobile(dice),
            landline: landline(dice),
            spi: spi(dice),
            plate: plate(dice),
            payment_card: payment_card(dice),
            first,
            last,
            woman,
            born,
            email,
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    pub(crate) fn upper(&self) -> String {
        self.last.to_uppercase()
    }

    pub(crate) fn title(&self) -> &'static str {
        if self.woman { "Mme" } else { "M." }
    }

    pub(crate) fn born_word(&self) -> &'static str {
        if self.woman { "née le" } else { "né le" }
    }

    pub(crate) fn nir(&self, sep: Sep) -> Mark {
        number(Kind::Nir, &self.nir, NIR_GROUPS, sep)
    }

    /// The 13 first characters, as old files keep them.
    pub(crate) fn nir_without_key(&self) -> Mark {
        number(
            Kind::Nir,
            self.nir.get(..13).unwrap_or(&self.nir),
            NIR_GROUPS,
            Sep::None,
        )
    }

    pub(crate) fn iban(&self, sep: Sep) -> Mark {
        number(Kind::Iban, &self.iban, FOURS, sep)
    }

    /// Only French accounts have one; the others get their IBAN.
    pub(crate) fn rib(&self, sep: Sep) -> Mark {
        match self.iban.strip_prefix("FR") {
            Some(rest) => number(Kind::Rib, rest.get(2..).unwrap_or(rest), RIB_GROUPS, sep),
            None => self.iban(sep),
        }
    }

    pub(crate) fn email(&self) -> Mark {
        email(&self.email)
    }

    pub(crate) fn mobile(&self, sep: Sep) -> Mark {
        phone(&self.mobile, sep)
    }

    pub(crate) fn landline(&self, sep: Sep) -> Mark {
        phone(&self.landline, sep)
    }

    /// +33 6 39 98 12 34
    pub(crate) fn mobile_abroad(&self) -> Mark {
        let written = format!(
            "+33 {}",
            grouped(&self.mobile, PAIRS, Sep::Space).trim_start_matches('0')
        );
        Mark {
            kind: Kind::Phone,
            value: self.mobile.clone(),
            written,
        }
    }

    pub(crate) fn spi(&self, sep: Sep) -> Mark {
        number(Kind::Spi, &self.spi, SPI_GROUPS, sep)
    }

    pub(crate) fn plate(&self) -> Mark {
        number(Kind::Plate, &self.plate, PLATE_GROUPS, Sep::Dash)
    }

    pub(crate) fn payment_card(&self, sep: Sep) -> Mark {
        number(Kind::PaymentCard, &self.payment_card, FOURS, sep)
    }

    pub(crate) fn born(&self) -> Mark {
        self.born_as(self.born.slashes())
    }

    pub(crate) fn born_iso(&self) -> Mark {
        self.born_as(self.born.iso())
    }

    pub(crate) fn born_dots(&self) -> Mark {
        self.born_as(self.born.dots())
    }

    pub(crate) fn born_words(&self) -> Mark {
        self.born_as(self.born.words())
    }

    fn born_as(&self, written: String) -> Mark {
        Mark {
            kind: Kind::BirthDate,
            value: self.born.iso(),
            written,
        }
    }
}

pub(crate) fn number(kind: Kind, value: &str, groups: &[usize], sep: Sep) -> Mark {
    Mark {
        kind,
        value: value.to_owned(),
        written: grouped(value, groups, sep),
    }
}

pub(crate) fn email(address: &str) -> Mark {
    Mark {
        kind: Kind::Email,
        value: address.to_lowercase(),
        written: address.to_owned(),
    }
}

pub(crate) fn phone(value: &str, sep: Sep) -> Mark {
    number(Kind::Phone, value, PAIRS, sep)
}

/// Lower case without accents nor punctuation, for mailboxes and domains.
pub(crate) fn ascii(name: &str) -> String {
    let letters = name.to_lowercase();
    letters
        .chars()
        .filter_map(|c| match c {
            'à' | 'â' | 'ä' => Some('a'),
            'ç' => Some('c'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' => Some('i'),
            'ô' | 'ö' => Some('o'),
            'ù' | 'û' | 'ü' => Some('u'),
            '-' => Some('-'),
            c => c.is_ascii_alphanumeric().then_some(c),
        })
        .collect()
}
