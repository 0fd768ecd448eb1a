//! RPM packages. The database has had four formats in twenty years: `rpm` itself is asked.

use std::io;

use jiff::Timestamp;

use super::Installation;
use crate::platform::System;

const FORMAT: &str = "%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{VENDOR}\\t%{INSTALLTIME}\\n";

pub(super) fn installed(system: &System) -> Option<io::Result<Vec<Installation>>> {
    let databases = ["/var/lib/rpm", "/usr/lib/sysimage/rpm"];
    if !databases.iter().any(|database| is_filled(system, database)) {
        return None;
    }
    let answer = system.run("rpm", &["-qa", "--queryformat", FORMAT]);
    Some(answer.map(|text| text.lines().filter_map(package).collect()))
}

/// Debian leaves an empty folder where `rpm` is a mere tool.
fn is_filled(system: &System, database: &str) -> bool {
    system.list(database).is_ok_and(|names| !names.is_empty())
}

fn package(line: &str) -> Option<Installation> {
    let mut fields = line.split('\t');
    let mut field = || fields.next().filter(|value| *value != "(none)");
    let name = field()?;
    // A key of the distribution, not a program.
    if name == "gpg-pubkey" {
        return None;
    }
    let (version, architecture, publisher, time) = (field(), field(), field(), field());
    let time = time.and_then(|time| Timestamp::from_second(time.parse().ok()?).ok());
    Some(Installation {
        name: name.to_owned(),
        version: version.unwrap_or_default().to_owned(),
        publisher: publisher.unwrap_or_default().to_owned(),
        source: "rpm",
        architecture: architecture.unwrap_or_default().to_owned(),
        installed_on: time
            .map(|time| time.strftime("%F").to_string())
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_line_of_rpm() {
        let package = package("samba\t4.19.4-105.el9\tx86_64\tRed Hat, Inc.\t1717000000").unwrap();
        assert_eq!(package.version, "4.19.4-105.el9");
        assert_eq!(package.publisher, "Red Hat, Inc.");
        assert_eq!(package.installed_on, "2024-05-29");
    }

    #[test]
    fn what_rpm_does_not_know_is_empty() {
        let package = package("outil\t1.0-1\tnoarch\t(none)\t(none)").unwrap();
        assert_eq!(
            (package.publisher.as_str(), package.installed_on.as_str()),
            ("", "")
        );
    }
}
