//! The journal of a town: who did what, the latest first.

use askama::Template;
use serde::Deserialize;

use super::{
    MachineNames, Page, PageResult, Question,
    pager::{self, Pager},
};
use crate::{
    model::{self, JournalEntry},
    web::{
        french,
        layout::{Layout, Section},
        town::Town,
    },
};

const PAGE_SIZE: u64 = 100;

#[derive(Template)]
#[template(path = "journal.html")]
struct Journal {
    layout: Layout,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Default, Deserialize)]
pub(in crate::web) struct Asked {
    page: Option<u64>,
}

struct Row {
    at: String,
    who: String,
    what: String,
}

pub(in crate::web) async fn show(
    town: Town,
    Question(asked): Question<Asked>,
) -> PageResult<impl Template> {
    let page = town
        .store()
        .journal(pager::request(asked.page, PAGE_SIZE))
        .await?;
    let names = MachineNames::of(&town).await?;
    let layout = town.layout(Section::Journal, "Journal");
    Ok(Page(Journal::new(layout, &page, &names)))
}

impl Journal {
    fn new(layout: Layout, page: &model::Page<JournalEntry>, names: &MachineNames) -> Self {
        let rows = page
            .items
            .iter()
            .map(|entry| Row {
                at: french::moment(entry.at),
                who: names.actor(&entry.actor),
                what: entry.detail.clone(),
            })
            .collect();
        Self {
            pager: Pager::new(page, &[]),
            layout,
            rows,
        }
    }
}
