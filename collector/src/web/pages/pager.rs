//! Walking through the pages of a long list.

use crate::{
    model::{Page, PageRequest},
    web::french,
};

/// "Fichiers 51 à 100 sur 1 234", and the addresses of the pages around.
pub(super) struct Pager {
    pub(super) range: String,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

/// The page asked for by an address, counted from 1 as people do.
pub(super) fn request(page: Option<u64>, size: u64) -> PageRequest {
    PageRequest {
        number: page.unwrap_or(1).saturating_sub(1),
        size,
    }
}

impl Pager {
    /// `query` is what the address keeps from page to page.
    pub(super) fn new<T>(page: &Page<T>, query: &[(&str, &str)]) -> Self {
        let PageRequest { number, size } = page.request;
        let before = number.saturating_mul(size);
        let shown = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        let last = before.saturating_add(shown);
        let range = match shown {
            0 => format!("0 sur {}", french::number(page.total)),
            _ => format!(
                "{} à {} sur {}",
                french::number(before + 1),
                french::number(last),
                french::number(page.total)
            ),
        };
        Self {
            range,
            previous: (number > 0).then(|| address(query, number)),
            next: (last < page.total && shown > 0).then(|| address(query, number + 2)),
        }
    }
}

/// `page` is counted from 1.
fn address(query: &[(&str, &str)], page: u64) -> String {
    let mut serializer = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        serializer.append_pair(name, value);
    }
    serializer.append_pair("page", &page.to_string()).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u64, items: usize, total: u64) -> Page<()> {
        Page {
            items: vec![(); items],
            total,
            request: PageRequest { number, size: 50 },
        }
    }

    #[test]
    fn the_first_page_leads_on_and_not_back() {
        let pager = Pager::new(&page(0, 50, 120), &[("q", "paie & rh"), ("type", "")]);
        assert_eq!(pager.range, "1 à 50 sur 120");
        assert_eq!(pager.previous, None);
        assert_eq!(pager.next.as_deref(), Some("?q=paie+%26+rh&page=2"));
    }

    #[test]
    fn the_last_page_leads_back_and_not_on() {
        let pager = Pager::new(&page(2, 20, 120), &[]);
        assert_eq!(pager.range, "101 à 120 sur 120");
        assert_eq!(pager.previous.as_deref(), Some("?page=2"));
        assert_eq!(pager.next, None);
    }

    #[test]
    fn a_page_beyond_the_end_is_empty_and_leads_back() {
        let pager = Pager::new(&page(9, 0, 120), &[]);
        assert_eq!(pager.range, "0 sur 120");
        assert!(pager.previous.is_some() && pager.next.is_none());
    }
}
