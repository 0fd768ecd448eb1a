//! Finances: invoices full of numbers that are nobody's, third parties, orders to pay, the budget.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::{FOURS, Sep, ean13, grouped, iban_with_wrong_key};
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Finances";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("finance");
    let mut pages = vec![
        third_parties(town, &mut dice),
        orders_to_pay(town, &mut dice),
        budget(&mut dice),
        refused_transfers(town),
        registry_of_cards(town, &mut dice),
        companies(town),
        stock(&mut dice),
        debt_collection(town, &mut dice),
    ];
    for rank in 1..=10 {
        pages.push(invoice(town, &mut dice, rank));
    }
    pages
}

fn invoice(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let supplier = dice.pick(&town.suppliers);
    let (day, amount) = (Day::drawn(dice, 2025, 2025), dice.between(90, 4800));
    let mut lines = String::new();
    for _ in 0..dice.between(3, 8) {
        let article = decoy(
            ean13(dice),
            &[Kind::Nir, Kind::Spi, Kind::PaymentCard],
            "EAN-13 of an article",
        );
        lines.push_str(&format!(
            "{article}   {:>3} x {:>6},{:02}\n",
            dice.between(1, 40),
            dice.between(1, 150),
            dice.between(0, 99)
        ));
    }
    let text = format!(
        "{}\nSIREN {} - SIRET {}\nTél. {} - {}\n\nFACTURE N° {}\nDate : {}\nVotre commande : {}\nClient : commune de {}, SIRET {}\n\n{lines}\n\
         Total HT : {amount},00 €   TVA 20 % : {},{:02} €\nÀ régler sous 30 jours sur le compte :\n{}\n",
        supplier.name,
        supplier.siren(Sep::Space),
        supplier.siret(Sep::Space),
        supplier.phone(Sep::Space),
        supplier.email(),
        decoy(
            format!("F{}{}", day.compact(), dice.digits(4)),
            &[Kind::Phone, Kind::Siren, Kind::BirthDate],
            "invoice number"
        ),
        decoy(day.slashes(), &[Kind::BirthDate], "date of an invoice"),
        decoy(
            format!("BC-{}-{}", dice.digits(6), dice.digits(4)),
            &[Kind::Phone, Kind::Siren],
            "order number"
        ),
        town.commune.name,
        town.siret(),
        amount / 5,
        amount % 5 * 20,
        supplier.iban(Sep::Space),
    );
    Page::text(
        format!(
            "{FOLDER}/Factures/2025/FACT_{rank:03} {}.txt",
            supplier.name
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn third_parties(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Code tiers",
            "Nom",
            "SIRET",
            "IBAN",
            "Courriel",
            "Téléphone",
        ],
    );
    for (rank, supplier) in town.suppliers.iter().enumerate() {
        let code = format!("T{:05}", rank * 7 + 11);
        table.row(cells![
            code,
            supplier.name,
            supplier.siret(Sep::None),
            supplier.iban(Sep::None),
            supplier.email(),
            supplier.phone(Sep::None)
        ]);
    }
    for (rank, person) in dice.sample(town.adults(), 15).into_iter().enumerate() {
        let code = format!("P{:05}", rank * 3 + 5);
        table.row(cells![
            code,
            person.name(),
            "",
            person.iban(Sep::None),
            person.email(),
            person.mobile(Sep::None)
        ]);
    }
    Page::table(format!("{FOLDER}/Tiers/tiers.csv"), table).encoded(Encoding::Windows1252)
}

fn orders_to_pay(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Bordereau",
            "Mandat",
            "Article",
            "Tiers",
            "SIRET",
            "Montant TTC",
            "Date",
        ],
    );
    for rank in 1..=80 {
        let supplier = dice.pick(&town.suppliers);
        let amount = format!("{},{:02}", dice.between(15, 9800), dice.between(0, 99));
        let article = *dice.pick(&["60632", "6068", "61521", "6156", "6247", "6232"]);
        table.row(cells![
            dice.between(1, 40),
            rank,
            article,
            supplier.name,
            supplier.siret(Sep::None),
            amount,
            Day::drawn(dice, 2025, 2025).slashes()
        ]);
    }
    Page::table(format!("{FOLDER}/Mandats/mandats 2025.csv"), table).encoded(Encoding::Iso885915)
}

/// Amounts and account numbers only.
fn budget(dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Chapitre",
            "Article",
            "Libellé",
            "Budget 2024",
            "Budget 2025",
        ],
    );
    for (chapter, article, label) in [
        ("011", "60612", "Énergie - électricité"),
        ("011", "60632", "Fournitures de petit équipement"),
        ("012", "64111", "Rémunération principale"),
        ("65", "657362", "Subvention au CCAS"),
        ("66", "66111", "Intérêts réglés à l'échéance"),
        ("73", "73111", "Impôts directs locaux"),
        ("74", "741121", "DSR"),
    ] {
        let (last, next) = (dice.between(12, 890), dice.between(12, 890));
        table.row(cells![
            chapter,
            article,
            label,
            format!("{last}\u{a0}000,00"),
            format!("{next}\u{a0}000,00")
        ]);
    }
    Page::table(format!("{FOLDER}/Budget/BP 2025 M57.csv"), table).encoded(Encoding::Windows1252)
}

fn refused_transfers(town: &Town) -> Page {
    let mut text = String::from("Rejets de virement du 14/03/2025\n\n");
    for person in town
        .adults()
        .iter()
        .filter(|person| person.iban.starts_with("FR"))
        .take(5)
    {
        let wrong = grouped(&iban_with_wrong_key(&person.iban), FOURS, Sep::Space);
        let wrong = decoy(
            wrong,
            &[Kind::Iban, Kind::Rib, Kind::PaymentCard],
            "IBAN with a wrong digit",
        );
        text.push_str(&format!("AC01 compte inexistant : {wrong}\n"));
    }
    text.push_str("\nÀ ressaisir dès réception des RIB corrigés.\n");
    Page::text(format!("{FOLDER}/Virements/rejets.txt"), text).encoded(Encoding::Windows1252)
}

fn registry_of_cards(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("Régie camping - paiements par téléphone (À NE PAS GARDER !)\n\n");
    for (rank, person) in dice.sample(town.adults(), 6).into_iter().enumerate() {
        let sep = if rank % 2 == 0 { Sep::Space } else { Sep::Dash };
        text.push_str(&format!(
            "{} - carte {} exp {:02}/27 - {} €\n",
            person.name(),
            person.payment_card(sep),
            rank + 3,
            dice.between(40, 320)
        ));
    }
    text.push_str(&format!(
        "\nTerminal n° {}\n",
        decoy(
            "4970 1234 5678 9012",
            &[Kind::PaymentCard],
            "card-like number that fails Luhn"
        )
    ));
    Page::text(format!("{FOLDER}/Régies/régie camping.txt"), text).encoded(Encoding::Windows1252)
}

fn companies(town: &Town) -> Page {
    let mut text = String::from("Marché 2025-03 : entreprises consultées\n\n");
    for supplier in town.suppliers.iter().take(5) {
        text.push_str(&format!(
            "- {}, SIREN {}, {}\n",
            supplier.name,
            supplier.siren(Sep::None),
            supplier.email()
        ));
    }
    Page::text(format!("{FOLDER}/Marchés/consultation 2025-03.md"), text)
}

fn stock(dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Code barre",
            "Désignation",
            "N° de série",
            "Version",
            "Acquis le",
        ],
    );
    for _ in 0..30 {
        let code = decoy(ean13(dice), &[Kind::Nir, Kind::Spi], "EAN-13 of an article");
        let serial = decoy(
            format!("SN{}", dice.digits(14)),
            &[Kind::PaymentCard, Kind::Siret],
            "serial number",
        );
        let bought = decoy(
            Day::drawn(dice, 2015, 2024).slashes(),
            &[Kind::BirthDate],
            "date of purchase",
        );
        table.row(cells![
            code,
            dice.pick(&[
                "écran 24 pouces",
                "chaise",
                "débroussailleuse",
                "vidéoprojecteur"
            ]),
            serial,
            "06.12.33.04",
            bought
        ]);
    }
    Page::table(
        format!("{FOLDER}/Inventaire/inventaire matériel.csv"),
        table,
    )
    .encoded(Encoding::Utf8Bom)
}

fn debt_collection(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ',',
        &[
            "Débiteur",
            "Numéro fiscal",
            "Titre",
            "Reste dû",
            "Employeur (SIRET)",
        ],
    );
    for person in dice.sample(town.adults(), 9) {
        let (title, due) = (dice.between(100, 999), dice.between(20, 900));
        table.row(cells![
            person.name(),
            person.spi(Sep::None),
            title,
            due,
            dice.pick(&town.suppliers).siret(Sep::Space)
        ]);
    }
    Page::table(
        format!("{FOLDER}/Recouvrement/saisies à tiers détenteur.csv"),
        table,
    )
    .encoded(Encoding::Utf8Bom)
}
