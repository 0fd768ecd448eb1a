-- Exceptions: findings that a town knows and does not want to be shown again. Ended ones stay, with who and why.
CREATE TABLE allowances (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    id           UUID   NOT NULL,
    -- JSON: model::AllowedSubject. A value is known by its keyed hash and its masked form, never in clear.
    subject      TEXT   NOT NULL,
    -- Pattern over whole paths; empty: wherever.
    path         TEXT   NOT NULL,
    reason       TEXT   NOT NULL CHECK (length(reason) > 0),
    -- Name of who added it, on that day.
    by_name      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Holds until then; null: until a person ends it.
    ends_at      BIGINT,
    -- When a person ended it.
    ended_at     BIGINT,
    PRIMARY KEY (organisation, id)
) STRICT;

-- How many values of a kind an exception hides in one file. The agent names the exception; it may be one of another day.
CREATE TABLE hidden (
    organisation UUID   NOT NULL,
    file         UUID   NOT NULL,
    -- Id of the kind in the rules.
    kind         TEXT   NOT NULL,
    allowance    UUID   NOT NULL,
    occurrences  BIGINT NOT NULL,
    PRIMARY KEY (organisation, file, kind, allowance),
    FOREIGN KEY (organisation, file) REFERENCES files (organisation, id)
) STRICT;
