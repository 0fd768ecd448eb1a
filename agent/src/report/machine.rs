//! The machine, its software and its facts as messages.

use beffroi_proto::v1::{self, fact::Value};
use beffroi_rules::facts::{Fact, FactValue};
use jiff::Timestamp;

use crate::inventory::{Disk, Installation, Installations, Machine, NetworkInterface};

pub(super) fn machine(machine: Machine) -> v1::Machine {
    v1::Machine {
        host_name: machine.host_name,
        os_family: machine.os_family.to_owned(),
        os_name: machine.os_name,
        os_version: machine.os_version,
        kernel_version: machine.kernel_version,
        architecture: machine.architecture.to_owned(),
        manufacturer: machine.manufacturer,
        model: machine.model,
        serial_number: machine.serial_number,
        chassis: machine.chassis.to_owned(),
        cpu: machine.cpu,
        cpu_cores: machine.cpu_cores,
        memory_bytes: machine.memory_bytes,
        disks: machine.disks.into_iter().map(disk).collect(),
        networks: machine.networks.into_iter().map(network).collect(),
        boot_time: machine.boot_time,
    }
}

pub(super) fn installations(all: Installations) -> v1::Installations {
    v1::Installations {
        installations: all.installations.into_iter().map(installation).collect(),
        unread_sources: all.unread_sources,
    }
}

pub(super) fn facts(facts: Vec<Fact>) -> v1::Facts {
    v1::Facts {
        facts: facts.into_iter().map(fact).collect(),
    }
}

fn disk(disk: Disk) -> v1::Disk {
    v1::Disk {
        mount_point: disk.mount_point,
        file_system: disk.file_system,
        size_bytes: disk.size_bytes,
        free_bytes: disk.free_bytes,
    }
}

fn network(network: NetworkInterface) -> v1::NetworkInterface {
    v1::NetworkInterface {
        name: network.name,
        mac: network.mac,
        addresses: network.addresses,
    }
}

fn installation(installation: Installation) -> v1::Installation {
    v1::Installation {
        name: installation.name,
        version: installation.version,
        publisher: installation.publisher,
        source: installation.source.to_owned(),
        architecture: installation.architecture,
        installed_on: installation.installed_on,
    }
}

fn fact(fact: Fact) -> v1::Fact {
    v1::Fact {
        name: fact.name,
        value: Some(match fact.value {
            FactValue::Boolean(value) => Value::Boolean(value),
            FactValue::Integer(value) => Value::Integer(value),
            FactValue::Text(value) => Value::Text(value),
            FactValue::List(items) => Value::List(v1::TextList { items }),
        }),
        source: fact.source,
        observed_at: fact.observed_at.map_or(0, Timestamp::as_second),
    }
}
