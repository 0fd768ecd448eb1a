"""Writes `.msg` files ([MS-OXMSG]) with the compound files of extract-msg."""

import struct

from extract_msg.ole_writer import OleWriter

from items import BINARY, NARROW, NUMBER, OBJECT, TEXT, TEXTS, TIME, CONTENT, appointment, contact, message

OF_A_FILE, OF_A_MESSAGE, OF_A_PART = 32, 24, 8


def write(name, item):
    ole = OleWriter(rootClsid=bytes.fromhex("0b0d020000000000c000000000000046"))
    storage(ole, [], item, OF_A_FILE)
    named(ole, item.names)
    ole.write(name)


def storage(ole, path, item, header):
    properties(ole, path, item.properties, header, len(item.recipients), len(item.attachments))
    for rank, recipient in enumerate(item.recipients):
        inner = path + [f"__recip_version1.0_#{rank:08X}"]
        ole.addEntry(inner, storage=True)
        properties(ole, inner, recipient, OF_A_PART)
    for rank, (attachment, embedded) in enumerate(item.attachments):
        inner = path + [f"__attach_version1.0_#{rank:08X}"]
        ole.addEntry(inner, storage=True)
        properties(ole, inner, attachment, OF_A_PART)
        if embedded:
            inner = inner + [f"__substg1.0_{CONTENT:04X}{OBJECT:04X}"]
            ole.addEntry(inner, storage=True)
            storage(ole, inner, embedded, OF_A_MESSAGE)


def properties(ole, path, values, header, recipients=0, attachments=0):
    counts = struct.pack("<8x4L8x", recipients, attachments, recipients, attachments)
    short = counts.ljust(32, b"\0")[:header] if header > OF_A_PART else bytes(OF_A_PART)
    for (number, kind), value in sorted(values.items()):
        entry = struct.pack("<HHL", kind, number, 6)
        if kind in (NUMBER, TIME):
            short += entry + struct.pack("<q", value)
            continue
        stream = path + [f"__substg1.0_{number:04X}{kind:04X}"]
        if kind == TEXTS:
            lengths = [len(text.encode("utf-16-le")) + 2 for text in value]
            for rank, text in enumerate(value):
                ole.addEntry(path + [f"{stream[-1]}-{rank:08X}"], text.encode("utf-16-le") + b"\0\0")
            value = b"".join(struct.pack("<L", length) for length in lengths)
        elif kind == TEXT:
            value = value.encode("utf-16-le")
        elif kind == NARROW:
            value = value.encode("cp1252")
        ole.addEntry(stream, value)
        short += entry + struct.pack("<LL", len(value) + {TEXT: 2, NARROW: 1}.get(kind, 0), 0)
    ole.addEntry(path + ["__properties_version1.0"], short)


def named(ole, names):
    entries, texts = b"", b""
    for number, name in sorted(names.items()):
        rank = number - 0x8000
        if isinstance(name, str):
            entries += struct.pack("<LHH", len(texts), 2 << 1 | 1, rank)
            written = name.encode("utf-16-le")
            texts += struct.pack("<L", len(written)) + written
            texts += bytes(-len(texts) % 4)
        else:
            entries += struct.pack("<LHH", name, 3 << 1, rank)
    folder = "__nameid_version1.0"
    ole.addEntry([folder], storage=True)
    # The set of properties of contacts.
    ole.addEntry([folder, "__substg1.0_00020102"], bytes.fromhex("0420060000000000c000000000000046"))
    ole.addEntry([folder, "__substg1.0_00030102"], entries)
    ole.addEntry([folder, "__substg1.0_00040102"], texts)


write("message.msg", message())
write("contact.msg", contact())
write("rendez-vous.msg", appointment())
