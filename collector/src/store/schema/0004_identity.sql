-- By what a machine is known: keyed fingerprints of its hardware and installation, as of its last contact.
CREATE TABLE marks (
    organisation UUID   NOT NULL,
    machine      UUID   NOT NULL,
    -- system, serial, board, disk, network, installation.
    kind         TEXT   NOT NULL,
    fingerprint  BYTEA  NOT NULL CHECK (length(fingerprint) = 32),
    PRIMARY KEY (organisation, machine, kind, fingerprint),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- Machines that were started from a copy of another's disk, and got an identity of their own for it.
CREATE TABLE detachments (
    organisation UUID   NOT NULL,
    -- The new one.
    machine      UUID   NOT NULL,
    origin       UUID   NOT NULL,
    -- SHA-256 of the new one's public key: only the same key may ask again.
    key_hash     BYTEA  NOT NULL CHECK (length(key_hash) = 32),
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, machine),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id),
    FOREIGN KEY (organisation, origin) REFERENCES machines (organisation, id)
) STRICT;

-- Machines that a person found to be one, installed anew. Undone: gone from here.
CREATE TABLE merges (
    organisation UUID   NOT NULL,
    older        UUID   NOT NULL,
    newer        UUID   NOT NULL,
    -- Name of who did it, on that day.
    by_name      TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, older),
    FOREIGN KEY (organisation, older) REFERENCES machines (organisation, id),
    FOREIGN KEY (organisation, newer) REFERENCES machines (organisation, id)
) STRICT;

-- Machines that look like one, and of which a person said that they are two.
CREATE TABLE distinctions (
    organisation UUID   NOT NULL,
    older        UUID   NOT NULL,
    newer        UUID   NOT NULL,
    by_name      TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, older, newer),
    FOREIGN KEY (organisation, older) REFERENCES machines (organisation, id),
    FOREIGN KEY (organisation, newer) REFERENCES machines (organisation, id)
) STRICT;

-- SHA-256 of the last committed batch: whoever holds another one under this number shares the spool with somebody.
ALTER TABLE spools ADD COLUMN last_digest BYTEA;
