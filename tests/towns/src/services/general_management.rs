//! Direction générale: council minutes, orders, notes of the mayor's office, agenda, chart of the services.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Direction générale";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("general management");
    let mut pages = vec![
        chart(town),
        elected(town, &mut dice),
        agenda(town, &mut dice),
        note(town, &mut dice),
        dispute(town, &mut dice),
        on_call(town, &mut dice),
    ];
    for month in 1..=4 {
        pages.push(minutes(town, &mut dice, month));
    }
    for rank in 1..=3 {
        pages.push(road_order(town, &mut dice, rank));
    }
    pages
}

fn minutes(town: &Town, dice: &mut Dice, month: u32) -> Page {
    let present: Vec<String> = dice
        .sample(town.adults(), 11)
        .into_iter()
        .map(|person| format!("{} {}", person.title(), person.name()))
        .collect();
    let supplier = dice.pick(&town.suppliers);
    let session = decoy(
        Day::drawn(dice, 2025, 2025).slashes(),
        &[Kind::BirthDate],
        "date of a council",
    );
    let text = format!(
        "COMMUNE DE {}\nPROCÈS-VERBAL DU CONSEIL MUNICIPAL - séance du {session}\n\nPrésents : {}\n\n\
         Délibération 2025-{month:02}-01 : marché de travaux\nLe conseil retient {} (SIRET {}) pour {} 500,00 € HT.\n\
         Délibération 2025-{month:02}-02 : subvention au CCAS (article 657362), 38 000,00 €\n\
         Vote : 14 pour, 1 abstention.\n\nLa séance est levée à 22 h 15.\n",
        town.commune.name.to_uppercase(),
        present.join(", "),
        supplier.name,
        supplier.siret(Sep::Space),
        dice.between(12, 240),
    );
    Page::text(
        format!("{FOLDER}/Conseil municipal/PV CM 2025-{month:02}.txt"),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn road_order(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let supplier = dice.pick(&town.suppliers);
    let text = format!(
        "{}\nARRÊTÉ TEMPORAIRE N° 2025-T{rank:03}\n\nVu le code de la route et notamment l'article R. 411-8,\n\
         Vu la demande de {} ({}),\n\nArticle 1 : la circulation est interdite rue Basse du {} au {}.\n\
         Article 2 : le pétitionnaire reste joignable au {}.\n",
        town.letterhead(),
        supplier.name,
        supplier.email(),
        Day::drawn(dice, 2025, 2025).slashes(),
        Day::drawn(dice, 2025, 2025).slashes(),
        supplier.phone(Sep::Space),
    );
    Page::text(format!("{FOLDER}/Arrêtés/AT 2025-T{rank:03}.txt"), text)
        .encoded(Encoding::Windows1252)
}

fn chart(town: &Town) -> Page {
    let agents: Vec<String> = town
        .staff()
        .iter()
        .take(14)
        .map(|agent| {
            format!(
                "  {{\"agent\": \"{}\", \"mail\": \"{}\", \"poste\": \"{}\"}}",
                agent.name(),
                town.staff_mailbox(agent),
                agent.landline(Sep::Space)
            )
        })
        .collect();
    Page::text(
        format!("{FOLDER}/Organigramme/organigramme.json"),
        format!("[\n{}\n]\n", agents.join(",\n")),
    )
}

fn elected(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Élu(e)",
            "Délégation",
            "Né(e) le",
            "Profession",
            "Mobile",
            "Courriel",
            "IBAN (indemnité)",
        ],
    );
    for person in dice.sample(town.adults(), 15) {
        table.row(cells![
            person.name(),
            dice.pick(&["finances", "écoles", "voirie", "action sociale", "sans"]),
            person.born(),
            dice.pick(&["agriculteur", "retraitée", "enseignant", "commerçante"]),
            person.mobile(Sep::Space),
            person.email(),
            person.iban(Sep::Space),
        ]);
    }
    Page::table(
        format!("{FOLDER}/Élus/fiche élus mandat 2020-2026.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn agenda(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("BEGIN:VCALENDAR\nVERSION:2.0\n");
    for day in 3..=11 {
        let guest = dice.pick(town.adults());
        text.push_str(&format!(
            "BEGIN:VEVENT\nDTSTART:202503{day:02}T{:02}3000Z\nSUMMARY:RDV {} ({})\nEND:VEVENT\n",
            day + 4,
            guest.name(),
            guest.mobile(Sep::Space)
        ));
    }
    text.push_str("END:VCALENDAR\n");
    Page::text(format!("{FOLDER}/Agenda/agenda du maire.ics"), text)
}

fn note(town: &Town, dice: &mut Dice) -> Page {
    let (agent, other) = (dice.pick(town.staff()), dice.pick(town.staff()));
    let text = format!(
        "# Note au maire\n\n- {} : relations tendues avec {}, se plaint au syndicat. Difficile, à surveiller.\n\
         - Visite médicale demandée, portable personnel {}\n- Budget : attendre la DGF\n",
        agent.name(),
        other.name(),
        agent.mobile(Sep::Dot),
    );
    Page::text(format!("{FOLDER}/Notes/note au maire.md"), text)
}

fn dispute(town: &Town, dice: &mut Dice) -> Page {
    let person = dice.pick(town.adults());
    let text = format!(
        "Contentieux - tribunal administratif\nRequête n° {}\n\nRequérant : {}, {} {}, {}\nConseil : à désigner. Assureur prévenu le 03/02/2025.\nIndemnité réglée sur {}\n",
        decoy(
            format!("25{}", dice.digits(5)),
            &[Kind::Phone],
            "number of a request"
        ),
        person.name(),
        person.born_word(),
        person.born_dots(),
        person.email(),
        person.iban(Sep::None),
    );
    Page::text(format!("{FOLDER}/Contentieux/dossier TA.txt"), text).encoded(Encoding::Iso885915)
}

fn on_call(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new('\t', &["Semaine", "Agent d'astreinte", "Mobile"]);
    for week in 10..=22 {
        let agent = dice.pick(town.staff());
        table.row(cells![week, agent.name(), agent.mobile(Sep::NarrowNbsp)]);
    }
    Page::table(format!("{FOLDER}/Astreintes/astreintes.tsv"), table).encoded(Encoding::Utf8)
}
