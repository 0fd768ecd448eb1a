//! Informatique: logs. One is large for a town hall, and nearly all of it is noise.

use crate::dice::Dice;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::town::Town;

const FOLDER: &str = "Mairie/Informatique/Journaux";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("it");
    vec![
        web_access(town, &mut dice),
        backup(&mut dice),
        phone_gateway(town, &mut dice),
        user_import(town, &mut dice),
    ]
}

/// Twenty thousand lines; one in five hundred shows an address in a query.
fn web_access(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::new();
    for line in 0..20_000_u32 {
        let query = if line % 500 == 123 {
            format!(
                "/portail/compte?courriel={}",
                dice.pick(town.adults()).email()
            )
        } else {
            format!("/static/{}.js?v=3.{}.{}", dice.hex(12), line % 7, line % 11)
        };
        text.push_str(&format!(
            "10.0.{}.{} - - [{:02}/Mar/2025:{:02}:{:02}:{:02} +0100] \"GET {query} HTTP/1.1\" 200 {} {}\n",
            line % 4,
            line % 250,
            1 + line / 800,
            line / 3600 % 24,
            line / 60 % 60,
            line % 60,
            dice.between(120, 90_000),
            1_740_800_000_000_u64 + u64::from(line) * 1_731,
        ));
    }
    Page::text(format!("{FOLDER}/portail_access.log"), text)
}

fn backup(dice: &mut Dice) -> Page {
    let mut text = String::new();
    for line in 1..=300 {
        let sum = decoy(
            dice.hex(40),
            &[Kind::Phone, Kind::PaymentCard, Kind::Siren],
            "SHA-1",
        );
        text.push_str(&format!(
            "2025-03-{:02} 02:{:02}:11 INFO bloc {line:06} {sum} {} octets\n",
            1 + line % 28,
            line % 60,
            dice.between(1000, 9_999_999)
        ));
    }
    Page::text(format!("{FOLDER}/sauvegarde.log"), text)
}

fn phone_gateway(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::new();
    for line in 0..40 {
        let caller = dice.pick(town.voters());
        text.push_str(&format!(
            "2025-03-04T09:{line:02}:07 appel entrant de {} durée {} s\n",
            caller.mobile(Sep::None),
            dice.between(3, 900)
        ));
    }
    Page::text(format!("{FOLDER}/standard.log"), text)
}

fn user_import(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("import des comptes du portail famille\n");
    for person in dice.sample(town.adults(), 12) {
        text.push_str(&format!(
            "WARN doublon ignoré : {} (mobile {})\n",
            person.email(),
            person.mobile_abroad()
        ));
    }
    text.push_str("Moteur 7.4.33, schéma 2024.11.02\n");
    Page::text(format!("{FOLDER}/import_famille.log"), text)
}
