-- A token may bring in several machines: one command is deployed to all computers of a town.
ALTER TABLE tokens RENAME TO single_tokens;

CREATE TABLE tokens (
    organisation  UUID   NOT NULL REFERENCES organisations (id),
    id            UUID   NOT NULL,
    -- SHA-256 of the secret, which is never stored.
    secret_hash   BYTEA  NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    -- Given to machines that name none of their own.
    tag           TEXT,
    -- How many it may bring in.
    machines      BIGINT NOT NULL CHECK (machines > 0),
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

-- The machines that a token made.
CREATE TABLE redemptions (
    organisation  UUID   NOT NULL,
    token         UUID   NOT NULL,
    machine       UUID   NOT NULL,
    -- SHA-256 of that machine's public key: only the same key may ask again.
    key_hash      BYTEA  NOT NULL CHECK (length(key_hash) = 32),
    at            BIGINT NOT NULL,
    PRIMARY KEY (organisation, token, machine),
    FOREIGN KEY (organisation, token) REFERENCES tokens (organisation, id)
) STRICT;

INSERT INTO tokens (organisation, id, secret_hash, tag, machines, created_at, expires_at)
SELECT organisation, id, secret_hash, tag, 1, created_at, expires_at FROM single_tokens;

INSERT INTO redemptions (organisation, token, machine, key_hash, at)
SELECT organisation, id, used_by, used_key_hash, used_at FROM single_tokens WHERE used_by IS NOT NULL;

DROP TABLE single_tokens;
