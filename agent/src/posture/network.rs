//! Services that should not listen to the whole network, from `/proc/net/tcp` and `tcp6`.

use std::collections::BTreeSet;

use super::Sheet;
use crate::platform::System;

/// FTP, telnet, rsh, databases, remote desktops.
const SENSITIVE: [u16; 12] = [
    21, 23, 512, 513, 514, 1433, 3306, 3389, 5432, 5900, 6379, 27017,
];
/// The state « listening », as the kernel writes it.
const LISTENING: &str = "0A";

/// Old services by the names of their processes.
const LEGACY: [(&str, &str); 11] = [
    ("in.telnetd", "telnet"),
    ("telnetd", "telnet"),
    ("in.rshd", "rsh"),
    ("rshd", "rsh"),
    ("in.rlogind", "rlogin"),
    ("rlogind", "rlogin"),
    ("in.tftpd", "tftp"),
    ("tftpd", "tftp"),
    ("vsftpd", "ftp"),
    ("proftpd", "ftp"),
    ("pure-ftpd", "ftp"),
];

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    if let Ok(tcp) = system.read("/proc/net/tcp") {
        // Absent without IPv6.
        let tcp6 = system.read("/proc/net/tcp6").unwrap_or_default();
        let open: BTreeSet<u16> = open_ports(&tcp).chain(open_ports(&tcp6)).collect();
        let sensitive = open.into_iter().filter(|port| SENSITIVE.contains(port));
        let sensitive: Vec<String> = sensitive.map(|port| format!("{port}/tcp")).collect();
        sheet.note(
            "network.sensitive_listeners",
            sensitive,
            "/proc/net/tcp, /proc/net/tcp6",
        );
    }
    if let Ok(processes) = system.processes() {
        let running = LEGACY
            .iter()
            .filter(|(process, _)| processes.iter().any(|name| name == process));
        let services: BTreeSet<String> =
            running.map(|(_, service)| (*service).to_owned()).collect();
        let services: Vec<String> = services.into_iter().collect();
        sheet.note("services.legacy", services, "/proc");
    }
}

/// Ports that listen beyond the machine itself.
fn open_ports(table: &str) -> impl Iterator<Item = u16> {
    table.lines().skip(1).filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (address, port) = fields.next()?.split_once(':')?;
        let state = fields.nth(1)?;
        if state != LISTENING || is_loopback(address) {
            return None;
        }
        u16::from_str_radix(port, 16).ok()
    })
}

/// 127.0.0.0/8 and ::1, in the byte order of the processor, also as IPv4 within IPv6.
fn is_loopback(address: &str) -> bool {
    match address.len() {
        8 => address.ends_with("7F"),
        _ => {
            address == "00000000000000000000000001000000"
                || (address.starts_with("0000000000000000FFFF0000") && address.ends_with("7F"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cat /proc/net/tcp` on a Debian 12 with PostgreSQL, uid and inode columns as they came.
    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 1575 1 0 100 0 0 10 0
   1: 00000000:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 1576 1 0 100 0 0 10 0
   2: 020200C0:0050 507100CB:01BB 01 00000000:00000000 00:00000000 00000000     0        0 70537 1 0 20 4 1 152 -1
";

    #[test]
    fn a_service_for_the_machine_itself_is_not_open() {
        assert_eq!(open_ports(TCP).collect::<Vec<_>>(), [3306]);
    }

    #[test]
    fn knows_the_loopback_in_both_families() {
        assert!(is_loopback("0100007F"));
        assert!(is_loopback("00000000000000000000000001000000"));
        assert!(is_loopback("0000000000000000FFFF00000100007F"));
        assert!(!is_loopback("00000000000000000000000000000000"));
    }
}
