//! Folders that staff keep for themselves. The scan leaves them out, so nothing of them may be reported.

use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::town::Town;

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("private");
    let person = dice.pick(town.adults());
    let accounts = format!(
        "Mes comptes\n\nIBAN : {}\nCarte : {}\nImpôts : numéro fiscal {}\n",
        person.iban(Sep::Space),
        person.payment_card(Sep::Space),
        person.spi(Sep::Space)
    );
    let doctor = format!(
        "Docteur, rappeler le {}\nN° sécu {}\n",
        person.landline(Sep::Space),
        person.nir(Sep::Space)
    );
    let holidays = format!(
        "Gîte réservé par {} ({})\n",
        dice.pick(town.adults()).name(),
        dice.pick(town.adults()).email()
    );
    let family = format!(
        "Anniversaire de maman, née le {}\n",
        dice.pick(town.elders()).born_words()
    );
    let union = format!(
        "Section syndicale : adhérents\n{} {}\n",
        person.name(),
        person.email()
    );

    [
        ("Mairie/Personnel - Mme Durand/comptes.txt", accounts),
        ("Mairie/Personnel - Mme Durand/médecin.txt", doctor),
        ("Mairie/Personnel - Mme Durand/Vacances/gîte.txt", holidays),
        ("Mairie/RH et paie/privé/famille.txt", family),
        ("CCAS/Privé/syndicat.txt", union),
    ]
    .into_iter()
    .map(|(path, text)| {
        Page::text(path, text)
            .encoded(Encoding::Windows1252)
            .excluded()
    })
    .collect()
}
