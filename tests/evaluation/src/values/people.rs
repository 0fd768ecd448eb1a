//! Names and dates of birth.

use super::{Pen, Value};
use crate::dress::charset;
use crate::people::Person;

pub(super) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    let (first, last) = (&person.first, &person.last);
    let title = *pen.way(if person.woman {
        &["Mme", "Madame"]
    } else {
        &["M.", "Monsieur"]
    });
    Some(match name {
        "name" => Value::of(
            "person_name",
            pen.way(&[
                format!("{first} {}", last.to_uppercase()),
                format!("{first} {last}"),
                format!("{} {first}", last.to_uppercase()),
                format!("{title} {first} {last}"),
                format!("{title} {first} {}", last.to_uppercase()),
                format!("{title} {} {first}", last.to_uppercase()),
            ])
            .clone(),
        ),
        "titled_name" => Value::of(
            "person_name",
            pen.way(&[
                format!("{title} {last}"),
                format!("{title} {}", last.to_uppercase()),
                format!("{title} {first} {last}"),
            ])
            .clone(),
        ),
        "plain_name" => Value::of(
            "person_name",
            pen.way(&[
                format!("{first} {last}"),
                format!("{first} {}", last.to_uppercase()),
            ])
            .clone(),
        ),
        // In a table the surname stands for the person; the given name beside it adds no one.
        "last" => Value::of(
            "person_name",
            pen.way(&[last.clone(), last.to_uppercase(), last.to_uppercase()])
                .clone(),
        ),
        "first" => Value::of("person_name", first.clone()),
        "title" => Value::nobodys(title),
        "birth_date" => Value::of("birth_date", birth_date(person, pen)),
        "birth_date_numeric" => Value::of(
            "birth_date",
            pen.way(&[
                person.born.slashes(),
                person.born.slashes(),
                person.born.iso(),
                person.born.dots(),
                person.born.slashes().replace('/', "-"),
            ])
            .clone(),
        ),
        "birth_date_iso" => Value::of("birth_date", person.born.iso()),
        "birth_date_compact" => Value::of("birth_date", person.born.compact()),
        "né" => Value::nobodys(if person.woman { "née" } else { "né" }),
        "sex" => Value::nobodys(if person.woman { "F" } else { "M" }),
        "charset" => Value::nobodys(charset(pen.encoding)),
        _ => return None,
    })
}

fn birth_date(person: &Person, pen: &mut Pen) -> String {
    let day = person.born;
    match pen.habit % 6 {
        0 | 1 => day.slashes(),
        2 => day.dots(),
        3 => day.iso(),
        _ => day.words(),
    }
}
