//! Téléchargements: exports forgotten after use, code, hashes, pages of suppliers.

use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Téléchargements";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("downloads");
    vec![
        portal_export(town, &mut dice, "export (1).csv"),
        portal_export(town, &mut dice, "export (2).csv").encoded(Encoding::Utf16Le),
        hashes(&mut dice),
        telemetry(&mut dice),
        style_sheet(),
        read_me(),
        contact_page(town),
        newsletter(town, &mut dice),
        vehicles(town, &mut dice),
        numbers_without_a_person(&mut dice),
    ]
}

fn portal_export(town: &Town, dice: &mut Dice, name: &str) -> Page {
    let mut table = Table::new(
        ',',
        &[
            "id",
            "nom",
            "prenom",
            "email",
            "telephone",
            "date_naissance",
        ],
    );
    for (rank, person) in dice.sample(town.voters(), 40).into_iter().enumerate() {
        table.row(cells![
            rank + 1,
            person.last,
            person.first,
            person.email(),
            person.mobile(Sep::None),
            person.born_iso()
        ]);
    }
    Page::table(format!("{FOLDER}/{name}"), table)
}

fn hashes(dice: &mut Dice) -> Page {
    let mut text = String::new();
    for name in ["setup-x64.msi", "paquet.deb", "formulaire.pdf", "image.iso"] {
        let sum = decoy(
            dice.hex(64),
            &[Kind::PaymentCard, Kind::Phone, Kind::Siret, Kind::Nir],
            "SHA-256",
        );
        text.push_str(&format!("{sum}  {name}\n"));
    }
    Page::text(format!("{FOLDER}/SHA256SUMS.txt"), text)
}

fn telemetry(dice: &mut Dice) -> Page {
    let events: Vec<String> = (0..120)
        .map(|rank| {
            let time = decoy(
                format!("17404{:08}", rank * 731_113 + 12_345),
                &[Kind::Nir, Kind::Spi],
                "timestamp in milliseconds",
            );
            let id = format!(
                "{}-{}-4{}-a{}-{}",
                dice.hex(8),
                dice.hex(4),
                dice.hex(3),
                dice.hex(3),
                dice.hex(12)
            );
            let id = decoy(id, &[Kind::Phone, Kind::PaymentCard, Kind::Siren], "UUID");
            format!(
                "  {{\"ts\": {time}, \"id\": \"{id}\", \"duree_ms\": {}}}",
                dice.between(1, 9000)
            )
        })
        .collect();
    Page::text(
        format!("{FOLDER}/telemetry.json"),
        format!("[\n{}\n]\n", events.join(",\n")),
    )
}

fn style_sheet() -> Page {
    let text = format!(
        "<style>\n@media print {{ body {{ margin: 0 }} }}\n.logo {{ background: url({}) }}\n</style>\n<p>Maquette 1.10.0-rc.2</p>\n",
        decoy("logo@2x.png", &[Kind::Email], "image name"),
    );
    Page::text(format!("{FOLDER}/maquette.html"), text)
}

fn read_me() -> Page {
    let text = format!(
        "# Connecteur parapheur\n\nCloner {} puis lancer `make`.\nCompte de service : {}\nRéseau : 10.0.12.45, 192.168.1.254\n",
        decoy(
            "git@forge.example:outils/parapheur.git",
            &[Kind::Email],
            "address of a git repository"
        ),
        decoy(
            "parapheur@localhost",
            &[Kind::Email],
            "account on a machine, not a mailbox"
        ),
    );
    Page::text(format!("{FOLDER}/LISEZMOI.md"), text)
}

fn contact_page(town: &Town) -> Page {
    let mut text = String::from(
        "<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>Fournisseurs</title></head>\n<body>\n<ul>\n",
    );
    for supplier in &town.suppliers {
        text.push_str(&format!(
            "<li>{} - {}&nbsp;: {}</li>\n",
            supplier.name,
            "tél.",
            supplier.phone(Sep::Space)
        ));
    }
    text.push_str("</ul>\n</body>\n</html>\n");
    Page::text(format!("{FOLDER}/fournisseurs.html"), text)
}

fn newsletter(town: &Town, dice: &mut Dice) -> Page {
    let people = dice.sample(town.voters(), 80);
    let addresses: Vec<String> = people
        .iter()
        .map(|person| person.email().to_string())
        .collect();
    Page::text(
        format!("{FOLDER}/abonnés lettre info.txt"),
        addresses.join("; ") + "\n",
    )
    .encoded(Encoding::Windows1252)
}

fn vehicles(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(';', &["Immatriculation", "Conducteur", "Carte carburant"]);
    for (rank, agent) in dice.sample(town.staff(), 8).into_iter().enumerate() {
        let fuel = decoy(
            format!("7002{:04}", rank * 13),
            &[Kind::PaymentCard],
            "fuel card of eight digits",
        );
        table.row(cells![agent.plate(), agent.name(), fuel]);
    }
    Page::table(format!("{FOLDER}/parc auto.csv"), table).encoded(Encoding::Windows1252)
}

/// Lines that have cost other scanners their credit.
fn numbers_without_a_person(dice: &mut Dice) -> Page {
    let lines = [
        (
            "Version du pilote",
            decoy("01.99.00.12", &[Kind::Phone], "version number"),
        ),
        (
            "Réf. contrat",
            decoy(
                format!("0199{}", dice.digits(11)),
                &[Kind::Phone, Kind::PaymentCard],
                "fifteen digits that begin like a telephone",
            ),
        ),
        (
            "Coordonnées",
            decoy(
                "46.812345, 2.398765",
                &[Kind::Phone, Kind::Siren],
                "latitude and longitude",
            ),
        ),
        (
            "Total",
            decoy("1 234 567,89", &[Kind::Siren, Kind::Phone], "amount"),
        ),
        ("Poste", decoy("06 12", &[Kind::Phone], "extension")),
        (
            "Code",
            decoy(
                "0000000000000",
                &[Kind::Spi, Kind::Nir],
                "zeros pass the checksum",
            ),
        ),
        (
            "Modèle",
            decoy("2 99 99 99 999 999 99", &[Kind::Nir], "placeholder"),
        ),
        (
            "Exemple",
            decoy(
                "FR76 XXXX XXXX XXXX XXXX XXXX XXX",
                &[Kind::Iban],
                "placeholder",
            ),
        ),
        (
            "Date de signature",
            decoy("14/02/2025", &[Kind::BirthDate], "date of a contract"),
        ),
    ];
    let text: String = lines
        .iter()
        .map(|(label, value)| format!("{label} : {value}\n"))
        .collect();
    Page::text(format!("{FOLDER}/notes diverses.txt"), text).encoded(Encoding::Windows1252)
}
