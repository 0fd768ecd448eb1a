-- Programs that the operator has added, to be offered to agents; their bytes are files of the data folder.
CREATE TABLE packages (
    -- Semantic version, as the signature says it.
    version      TEXT   NOT NULL,
    -- As agents name theirs: linux-x86_64.
    platform     TEXT   NOT NULL,
    size_bytes   BIGINT NOT NULL,
    -- What minisign wrote.
    signature    TEXT   NOT NULL,
    added_at     BIGINT NOT NULL,
    PRIMARY KEY (version, platform)
) STRICT;

-- What a town's agents are to become. The latest that was not stopped is in force.
CREATE TABLE offers (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    id           UUID   NOT NULL,
    version      TEXT   NOT NULL,
    -- JSON: the rings, model::Ring, in the order of their opening.
    rings        TEXT   NOT NULL,
    offered_at   BIGINT NOT NULL,
    stopped_at   BIGINT,
    PRIMARY KEY (organisation, id)
) STRICT;

-- What became of a version on a machine, by its agent's last word.
CREATE TABLE upgrades (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    machine      UUID   NOT NULL,
    version      TEXT   NOT NULL,
    -- refused, on_trial, runs, rolled_back
    state        TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, machine, version)
) STRICT;
