"""Writes `winmail.dat` ([MS-OXTNEF]): what Outlook sends to those who have no Outlook."""

import pathlib
import struct

from items import BINARY, CONTENT, FILE, NAME, NARROW, NUMBER, OBJECT, TEXT, TEXTS, TIME, contact, message

MESSAGE, ATTACHMENT = 1, 2
VERSION, CODE_PAGE, PROPERTIES, RECIPIENTS = 0x00089006, 0x00069007, 0x00069003, 0x00069004
RENDERING, TITLE, DATA, ATTACHED = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
A_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
# The sets of properties that Outlook and people have named.
ADDRESSES = bytes.fromhex("0420060000000000c000000000000046")
PUBLIC_STRINGS = bytes.fromhex("2903020000000000c000000000000046")


def tnef(item):
    properties = dict(item.properties)
    written = struct.pack("<IH", 0x223E9F78, 1)
    written += attribute(MESSAGE, VERSION, struct.pack("<I", 0x10000))
    written += attribute(MESSAGE, CODE_PAGE, struct.pack("<II", 1252, 0))
    written += attribute(MESSAGE, PROPERTIES, listed(properties, item.names))
    rows = b"".join(listed(recipient) for recipient in item.recipients)
    written += attribute(MESSAGE, RECIPIENTS, struct.pack("<I", len(item.recipients)) + rows)
    for properties, inner in item.attachments:
        content = properties.pop((CONTENT, BINARY), None)
        written += attribute(ATTACHMENT, RENDERING, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))
        title = properties.get((FILE, TEXT)) or properties[(NAME, TEXT)]
        written += attribute(ATTACHMENT, TITLE, title.encode("cp1252") + b"\0")
        if inner:
            properties[(CONTENT, OBJECT)] = A_MESSAGE + tnef(inner)
        else:
            written += attribute(ATTACHMENT, DATA, content)
        written += attribute(ATTACHMENT, ATTACHED, listed(properties))
    return written


def attribute(level, number, data):
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def listed(properties, names=None):
    written = struct.pack("<I", len(properties))
    for (number, kind), value in properties.items():
        written += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            written += named(names[number])
        written += valued(kind, value)
    return written


def named(name):
    if isinstance(name, int):
        return ADDRESSES + struct.pack("<II", 0, name)
    letters = (name + "\0").encode("utf-16-le")
    return PUBLIC_STRINGS + struct.pack("<II", 1, len(letters)) + padded(letters)


def valued(kind, value):
    if kind == NUMBER:
        return struct.pack("<I", value)
    if kind == TIME:
        return struct.pack("<Q", value)
    values = value if kind == TEXTS else [value]
    written = struct.pack("<I", len(values))
    for value in values:
        if kind in (TEXT, TEXTS):
            value = (value + "\0").encode("utf-16-le")
        elif kind == NARROW:
            value = (value + "\0").encode("cp1252")
        written += struct.pack("<I", len(value)) + padded(value)
    return written


def padded(value):
    return value + bytes(-len(value) % 4)


pathlib.Path("winmail.dat").write_bytes(tnef(message()))
pathlib.Path("winmail-contact.dat").write_bytes(tnef(contact()))
