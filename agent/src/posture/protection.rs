//! Antivirus, confinement, logs, time.

use super::Sheet;
use crate::platform::System;

/// Antivirus agents by the names of their processes, as the kernel cuts them.
const ANTIVIRUS: [(&str, &str); 18] = [
    ("clamd", "ClamAV"),
    ("clamonacc", "ClamAV"),
    ("wdavdaemon", "Microsoft Defender"),
    ("mdatp", "Microsoft Defender"),
    ("bdsecd", "Bitdefender"),
    ("epagd", "Bitdefender"),
    ("falcon-sensor", "CrowdStrike"),
    ("s1-agent", "SentinelOne"),
    ("sentinelone-age", "SentinelOne"),
    ("savd", "Sophos"),
    ("SophosScanD", "Sophos"),
    ("sophos-subproce", "Sophos"),
    ("oaeventd", "ESET"),
    ("eraagent", "ESET"),
    ("kesl", "Kaspersky"),
    ("ds_agent", "Trend Micro"),
    ("hurukai", "HarfangLab"),
    ("pmd", "Cortex"),
];

const CLAMAV_BASES: [&str; 2] = ["/var/lib/clamav/daily.cld", "/var/lib/clamav/daily.cvd"];

pub(super) fn check(system: &System, sheet: &mut Sheet) {
    let processes = system.processes();
    if let Ok(processes) = &processes {
        antivirus(processes, sheet);
        logs(system, processes, sheet);
        time(system, processes, sheet);
    }
    antivirus_base(system, sheet);
    confinement(system, sheet);
}

fn antivirus(processes: &[String], sheet: &mut Sheet) {
    let found = ANTIVIRUS
        .iter()
        .find(|(process, _)| processes.iter().any(|name| name == process));
    match found {
        Some((process, product)) => {
            sheet.note(
                "antivirus.present",
                true,
                format!("/proc: {process} ({product})"),
            );
        }
        None => sheet.note("antivirus.present", false, "/proc"),
    }
}

fn antivirus_base(system: &System, sheet: &mut Sheet) {
    let bases = CLAMAV_BASES.iter();
    let newest = bases
        .filter_map(|path| Some((system.modified(path)?, *path)))
        .max();
    if let Some((time, path)) = newest {
        let days = sheet.now.duration_since(time).as_hours() / 24;
        sheet.note("antivirus.base_age_days", days.max(0), path);
    }
}

fn confinement(system: &System, sheet: &mut Sheet) {
    let selinux = "/sys/fs/selinux/enforce";
    if let Some(mode) = system.read_value(selinux) {
        sheet.note("mac.enforcing", mode == "1", selinux);
        return;
    }
    let apparmor = "/sys/module/apparmor/parameters/enabled";
    if let Some(enabled) = system.read_value(apparmor) {
        sheet.note("mac.enforcing", enabled == "Y", apparmor);
        return;
    }
    let modules = "/sys/kernel/security/lsm";
    if let Some(names) = system.read_value(modules) {
        let confines = names
            .split(',')
            .any(|name| matches!(name, "selinux" | "apparmor"));
        if !confines {
            sheet.note("mac.enforcing", false, modules);
        }
    }
}

fn logs(system: &System, processes: &[String], sheet: &mut Sheet) {
    let is_running = |name: &str| processes.iter().any(|process| process == name);
    for daemon in ["rsyslogd", "syslog-ng"] {
        if is_running(daemon) {
            sheet.note("log.persistent", true, format!("/proc: {daemon}"));
            return;
        }
    }
    if !is_running("systemd-journal") && !is_running("systemd-journald") {
        return;
    }
    let config = system
        .read("/etc/systemd/journald.conf")
        .unwrap_or_default();
    let storage = super::settings(&config)
        .find_map(|(_, line)| line.strip_prefix("Storage="))
        .unwrap_or("auto");
    let is_kept = match storage {
        "persistent" => true,
        "auto" => system.has("/var/log/journal"),
        _ => false,
    };
    sheet.note(
        "log.persistent",
        is_kept,
        "/etc/systemd/journald.conf, /var/log/journal",
    );
}

fn time(system: &System, processes: &[String], sheet: &mut Sheet) {
    let daemons = ["chronyd", "ntpd", "ntpsec", "openntpd"];
    if let Some(daemon) = processes
        .iter()
        .find(|name| daemons.contains(&name.as_str()))
    {
        sheet.note("time.synchronised", true, format!("/proc: {daemon}"));
        return;
    }
    let mark = "/run/systemd/timesync/synchronized";
    // Without any of them, the host of a virtual machine may still keep its clock.
    if processes.iter().any(|name| name == "systemd-timesyn") {
        sheet.note("time.synchronised", system.has(mark), mark);
    }
}
