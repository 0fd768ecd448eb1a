//! Associations: directory, grants, officers, the room booking calendar.

use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, Mark, decoy};
use crate::names::CLUBS;
use crate::numbers::{SIRET_GROUPS, Sep, siren, siret};
use crate::page::Page;
use crate::people::number;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Associations";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("clubs");
    vec![
        directory(town, &mut dice),
        officers(town, &mut dice),
        grants(town, &mut dice),
        bookings(town, &mut dice),
        members(town, &mut dice),
        statutes(),
    ]
}

fn club_siret(dice: &mut Dice, sep: Sep) -> Mark {
    let siren = siren(dice);
    number(Kind::Siret, &siret(&siren, 1), SIRET_GROUPS, sep)
}

fn directory(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Association",
            "RNA",
            "SIRET",
            "Président(e)",
            "Téléphone",
            "Courriel",
        ],
    );
    for club in CLUBS {
        let president = dice.pick(town.adults());
        let rna = format!("W{}2{}", town.commune.department, dice.digits(6));
        let rna = number(Kind::Rna, &rna, &[10], Sep::None);
        table.row(cells![
            club,
            rna,
            club_siret(dice, Sep::Space),
            president.name(),
            president.mobile(Sep::Space),
            president.email()
        ]);
    }
    Page::table(format!("{FOLDER}/annuaire des associations.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn officers(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::new();
    for club in CLUBS {
        let officer = dice.pick(town.adults());
        text.push_str(&format!(
            "BEGIN:VCARD\nVERSION:4.0\nFN:{}\nORG:{club}\nTEL:{}\nEMAIL:{}\nEND:VCARD\n",
            officer.name(),
            officer.mobile_abroad(),
            officer.email()
        ));
    }
    Page::text(format!("{FOLDER}/Contacts/bureaux.vcf"), text)
}

fn grants(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("Demandes de subvention 2025\n\n");
    for club in CLUBS.iter().take(6) {
        let treasurer = dice.pick(town.adults());
        text.push_str(&format!(
            "{club} - SIRET {} - {} 00 € demandés\n  trésorier : {}, RIB {}\n",
            club_siret(dice, Sep::None),
            dice.between(2, 19),
            treasurer.name(),
            treasurer.rib(Sep::None),
        ));
    }
    Page::text(format!("{FOLDER}/Subventions/demandes 2025.txt"), text)
        .encoded(Encoding::Windows1252)
}

fn bookings(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Salle des fêtes//FR\n");
    for day in 1..=12 {
        let booker = dice.pick(town.adults());
        text.push_str(&format!(
            "BEGIN:VEVENT\nUID:{}\nDTSTART:{}\nDTEND:{}\nSUMMARY:Salle des fêtes - {}\nATTENDEE;CN={}:mailto:{}\nEND:VEVENT\n",
            decoy(format!("{}-{}", dice.hex(8), dice.hex(12)), &[Kind::Phone, Kind::PaymentCard], "identifier of an event"),
            decoy(format!("202504{day:02}T090000"), &[Kind::BirthDate], "start of an event"),
            decoy(format!("202504{day:02}T230000"), &[Kind::BirthDate], "end of an event"),
            dice.pick(CLUBS),
            booker.name(),
            booker.email(),
        ));
    }
    text.push_str("END:VCALENDAR\n");
    Page::text(format!("{FOLDER}/Salle des fêtes/réservations.ics"), text)
}

fn members(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ',',
        &["nom", "prenom", "date_naissance", "licence", "email_parent"],
    );
    for child in dice.sample(town.children(), 20) {
        let licence = format!("FFF-{}", dice.between(100_000, 999_999));
        table.row(cells![
            child.last,
            child.first,
            child.born_iso(),
            licence,
            dice.pick(town.adults()).email()
        ]);
    }
    Page::table(
        format!("{FOLDER}/Reçus/union sportive licenciés.csv"),
        table,
    )
}

fn statutes() -> Page {
    let text = "Article 1 - Il est fondé entre les adhérents une association régie par la loi du 1er juillet 1901.\n\
        Article 2 - Son siège est à la mairie.\nArticle 3 - La cotisation est fixée par l'assemblée générale.\n";
    Page::text(format!("{FOLDER}/Reçus/statuts types.txt"), text).encoded(Encoding::Iso885915)
}
