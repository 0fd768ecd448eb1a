//! The commune itself: its identity, its CCAS, its inhabitants by age, its staff and its suppliers.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::dice::Dice;
use crate::manifest::Controller;
use crate::mark::{Kind, Mark};
use crate::names::{PLACES, SAINTS, SURNAMES, TRADES};
use crate::numbers::{
    FOURS, SIREN_GROUPS, SIRET_GROUPS, Sep, french_iban, landline, siren, siret, with_luhn,
};
use crate::people::{Person, ascii, email, number, phone};

/// Top folders of the share.
pub(crate) const TOWN_HALL: &str = "Mairie";
pub(crate) const CCAS: &str = "CCAS";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commune {
    pub name: String,
    pub department: String,
    pub postal_code: String,
    pub siren: String,
    pub siret: String,
    pub domain: String,
    pub switchboard: String,
}

pub(crate) struct Town {
    pub(crate) seed: u64,
    pub(crate) commune: Commune,
    pub(crate) ccas_siret: String,
    /// Children first, then adults, then elders.
    pub(crate) people: Vec<Person>,
    children: usize,
    elders_from: usize,
    pub(crate) suppliers: Vec<Supplier>,
}

pub(crate) struct Supplier {
    pub(crate) name: String,
    siren: String,
    siret: String,
    iban: String,
    email: String,
    phone: String,
}

impl Town {
    pub(crate) fn found(seed: u64, people: usize) -> Self {
        let (commune, ccas_siret) = found_commune(&mut Dice::new(seed, "commune"));
        let (children, elders_from) = (people / 5, people - people / 4);
        let mut dice = Dice::new(seed, "people");
        let people = (0..people)
            .map(|rank| {
                let (from, to) = match rank {
                    rank if rank < children => (2014, 2021),
                    rank if rank < elders_from => (1962, 2003),
                    _ => (1930, 1956),
                };
                let born = Day::drawn(&mut dice, from, to);
                Person::draw(&mut dice, rank, born)
            })
            .collect();
        let mut dice = Dice::new(seed, "suppliers");
        let suppliers = (0..14).map(|_| Supplier::draw(&mut dice)).collect();
        Self {
            seed,
            commune,
            ccas_siret,
            people,
            children,
            elders_from,
            suppliers,
        }
    }

    pub(crate) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, purpose)
    }

    pub(crate) fn children(&self) -> &[Person] {
        &self.people[..self.children]
    }

    pub(crate) fn adults(&self) -> &[Person] {
        &self.people[self.children..self.elders_from]
    }

    pub(crate) fn elders(&self) -> &[Person] {
        &self.people[self.elders_from..]
    }

    pub(crate) fn voters(&self) -> &[Person] {
        &self.people[self.children..]
    }

    /// The adults who work for the commune.
    pub(crate) fn staff(&self) -> &[Person] {
        let adults = self.adults();
        &adults[..adults.len().min(28)]
    }

    pub(crate) fn siret(&self) -> Mark {
        number(Kind::Siret, &self.commune.siret, SIRET_GROUPS, Sep::Space)
    }

    pub(crate) fn ccas_siret(&self) -> Mark {
        number(Kind::Siret, &self.ccas_siret, SIRET_GROUPS, Sep::Space)
    }

    pub(crate) fn mailbox(&self, service: &str) -> Mark {
        email(&format!("{service}@{}", self.commune.domain))
    }

    /// A staff member's professional address.
    pub(crate) fn staff_mailbox(&self, person: &Person) -> Mark {
        let initial: String = ascii(&person.first).chars().take(1).collect();
        self.mailbox(&format!("{initial}.{}", ascii(&person.last)))
    }

    pub(crate) fn switchboard(&self) -> Mark {
        phone(&self.commune.switchboard, Sep::Space)
    }

    pub(crate) fn letterhead(&self) -> String {
        format!(
            "MAIRIE DE {}\n1 place de l'Hôtel de Ville\n{} {}\nTél. : {}\nCourriel : {}\n",
            self.commune.name.to_uppercase(),
            self.commune.postal_code,
            self.commune.name,
            self.switchboard(),
            self.mailbox("accueil"),
        )
    }

    pub(crate) fn ccas_letterhead(&self) -> String {
        format!(
            "CENTRE COMMUNAL D'ACTION SOCIALE\n{} {}\nSIRET : {}\nTél. : {}\nCourriel : {}\n",
            self.commune.postal_code,
            self.commune.name,
            self.ccas_siret(),
            self.switchboard(),
            self.mailbox("ccas"),
        )
    }

    pub(crate) fn controllers(&self) -> Vec<Controller> {
        vec![
            Controller {
                folder: TOWN_HALL.to_owned(),
                name: format!("Commune de {}", self.commune.name),
                siret: self.commune.siret.clone(),
            },
            Controller {
                folder: CCAS.to_owned(),
                name: format!("CCAS de {}", self.commune.name),
                siret: self.ccas_siret.clone(),
            },
        ]
    }
}

fn found_commune(dice: &mut Dice) -> (Commune, String) {
    let name = format!("Saint-{}-{}", dice.pick(SAINTS), dice.pick(PLACES));
    let department = *dice.pick(&["18", "23", "36", "58", "70"]);
    // No department of the list has a commune numbered 900 or more.
    let insee = format!("{department}{}", dice.between(900, 989));
    let siren = with_luhn(&format!("21{insee}0"));
    let ccas_siren = with_luhn(&format!("26{insee}0"));
    let commune = Commune {
        department: department.to_owned(),
        postal_code: format!("{department}990"),
        siret: siret(&siren, 1),
        siren,
        domain: format!("mairie-{}.example", ascii(&name)),
        switchboard: landline(dice),
        name,
    };
    (commune, siret(&ccas_siren, 1))
}

impl Supplier {
    fn draw(dice: &mut Dice) -> Self {
        let (trade, owner) = (*dice.pick(TRADES), *dice.pick(SURNAMES));
        let siren = siren(dice);
        Self {
            name: format!("{trade} {owner}"),
            siret: siret(&siren, dice.between(1, 3)),
            siren,
            iban: french_iban(dice),
            email: format!("contact@{}-{}.example", ascii(trade), ascii(owner)),
            phone: landline(dice),
        }
    }

    pub(crate) fn siren(&self, sep: Sep) -> Mark {
        number(Kind::Siren, &self.siren, SIREN_GROUPS, sep)
    }

    pub(crate) fn siret(&self, sep: Sep) -> Mark {
        number(Kind::Siret, &self.siret, SIRET_GROUPS, sep)
    }

    pub(crate) fn iban(&self, sep: Sep) -> Mark {
        number(Kind::Iban, &self.iban, FOURS, sep)
    }

    pub(crate) fn email(&self) -> Mark {
        email(&self.email)
    }

    pub(crate) fn phone(&self, sep: Sep) -> Mark {
        phone(&self.phone, sep)
    }
}
