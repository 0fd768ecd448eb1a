//! What each service keeps on the share: one file a service, the founded town in, its pages out.

mod archives;
mod canteen;
mod ccas;
mod cemetery;
mod civil_registry;
mod clubs;
mod downloads;
mod elections;
mod finance;
mod general_management;
mod it;
mod mail;
mod municipal_police;
mod not_text;
mod planning;
mod private;
mod staff;

use crate::page::Page;
use crate::town::Town;

pub(crate) fn share(town: &Town) -> Vec<Page> {
    let services = [
        archives::share,
        canteen::share,
        ccas::share,
        cemetery::share,
        civil_registry::share,
        clubs::share,
        downloads::share,
        elections::share,
        finance::share,
        general_management::share,
        it::share,
        mail::share,
        municipal_police::share,
        not_text::share,
        planning::share,
        private::share,
        staff::share,
    ];
    services.into_iter().flat_map(|share| share(town)).collect()
}
