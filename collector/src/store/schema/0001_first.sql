-- The collector's tables, written once for both engines. The types are PostgreSQL's; `schema.rs` says the few words
-- that SQLite says differently. What belongs to a town has the organisation first in its primary key.
--
-- Identifiers are UUIDs, version 7. Times are microseconds since 1970, UTC. Words (verdict, status…) are those of
-- `model`. Lists that are only ever read and replaced whole are kept as JSON in a TEXT.

-- ───────────────────────────────────────────── the operator ─────────────────────────────────────────────

-- A commune, CCAS, EPCI or syndicat: the tenant.
CREATE TABLE organisations (
    id            UUID    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE CHECK (length(name) > 0),
    kind          TEXT    NOT NULL CHECK (kind IN ('commune', 'ccas', 'epci', 'syndicat', 'other')),
    -- Secret of the keyed fingerprints of whole contents.
    content_key   BYTEA   NOT NULL CHECK (length(content_key) = 32),
    created_at    BIGINT  NOT NULL,
    -- Grows with each thing that knowledge must take into account.
    revision      BIGINT  NOT NULL,
    -- The revision from which the stored conclusions were drawn; the town is stale when it is behind.
    understood    BIGINT  NOT NULL,
    CHECK (understood <= revision)
) STRICT;

-- Who may sign in.
CREATE TABLE users (
    id                   UUID    NOT NULL PRIMARY KEY,
    login                TEXT    NOT NULL UNIQUE CHECK (length(login) > 0),
    name                 TEXT    NOT NULL,
    role                 TEXT    NOT NULL CHECK (role IN ('dpo', 'reader')),
    -- All towns, also those to come; else those of organisation_users.
    sees_all             BOOLEAN NOT NULL,
    -- In PHC form, argon2id.
    password_hash        TEXT    NOT NULL,
    password_set_at      BIGINT  NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    created_at           BIGINT  NOT NULL,
    -- Not null: may no longer sign in.
    disabled_at          BIGINT
) STRICT;

-- The towns that a user may see.
CREATE TABLE organisation_users (
    organisation UUID NOT NULL REFERENCES organisations (id),
    user_id      UUID NOT NULL REFERENCES users (id),
    PRIMARY KEY (organisation, user_id)
) STRICT;

-- Open sessions of the pages.
CREATE TABLE sessions (
    -- SHA-256 of the cookie.
    token_hash   BYTEA  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id      UUID   NOT NULL REFERENCES users (id),
    -- Secret that every form of the session repeats.
    csrf         TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);

-- Failed sign-ins, to slow down guessing.
CREATE TABLE login_failures (
    id      UUID   NOT NULL PRIMARY KEY,
    -- As typed: need not exist.
    login   TEXT   NOT NULL,
    -- Network address of the browser.
    address TEXT   NOT NULL,
    at      BIGINT NOT NULL
) STRICT;

CREATE INDEX login_failures_by_login ON login_failures (login, at);
CREATE INDEX login_failures_by_address ON login_failures (address, at);

-- ───────────────────────────────────────── machines of a town ───────────────────────────────────────────

-- One-time enrolment tokens.
CREATE TABLE tokens (
    organisation  UUID   NOT NULL REFERENCES organisations (id),
    id            UUID   NOT NULL,
    -- SHA-256 of the secret, which is never stored.
    secret_hash   BYTEA  NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    -- Given to the machine.
    tag           TEXT,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    used_at       BIGINT,
    -- The machine it made.
    used_by       UUID,
    -- SHA-256 of that machine's public key: only the same key may ask again.
    used_key_hash BYTEA  CHECK (length(used_key_hash) = 32),
    PRIMARY KEY (organisation, id),
    CHECK ((used_at IS NULL) = (used_by IS NULL) AND (used_at IS NULL) = (used_key_hash IS NULL))
) STRICT;

-- A machine, that is the agent on it.
CREATE TABLE machines (
    organisation         UUID   NOT NULL REFERENCES organisations (id),
    id                   UUID   NOT NULL,
    -- As given at enrolment.
    host_name            TEXT   NOT NULL,
    tag                  TEXT,
    enrolled_at          BIGINT NOT NULL,
    last_seen_at         BIGINT,
    agent_version        TEXT   NOT NULL,
    -- Rule pack of the agent; empty until its first contact.
    rules_version        TEXT   NOT NULL,
    -- Agent's clock minus ours, at the last contact.
    clock_offset_seconds BIGINT,
    -- Not null: its reports are refused.
    revoked_at           BIGINT,
    -- JSON: hardware and system (model::MachineState); null until the first inventory.
    state                TEXT,
    state_received_at    BIGINT,
    -- JSON: sources of software that the agent could not read.
    unread_sources       TEXT   NOT NULL,
    PRIMARY KEY (organisation, id),
    CHECK ((state IS NULL) = (state_received_at IS NULL))
) STRICT;

-- What the agents of a town are told; every version is kept, the greatest is in force.
CREATE TABLE policies (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    version      BIGINT NOT NULL CHECK (version > 0),
    -- JSON: model::Policy without its version.
    policy       TEXT   NOT NULL,
    set_at       BIGINT NOT NULL,
    PRIMARY KEY (organisation, version)
) STRICT;

-- How far each spool of each agent has come: what makes a repeated batch harmless.
CREATE TABLE spools (
    organisation  UUID   NOT NULL,
    machine       UUID   NOT NULL,
    id            UUID   NOT NULL,
    -- Of the last committed batch.
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (organisation, machine, id),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- Software of a machine, replaced whole.
CREATE TABLE installations (
    organisation UUID   NOT NULL,
    machine      UUID   NOT NULL,
    -- Rank in the agent's list: it may name the same software twice.
    position     BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    publisher    TEXT   NOT NULL,
    -- deb, rpm, registry, flatpak, snap…
    source       TEXT   NOT NULL,
    architecture TEXT   NOT NULL,
    -- ISO 8601 date, or empty.
    installed_on TEXT   NOT NULL,
    PRIMARY KEY (organisation, machine, position),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- Facts of a machine, replaced whole.
CREATE TABLE facts (
    organisation UUID   NOT NULL,
    machine      UUID   NOT NULL,
    -- Rank in the agent's list.
    position     BIGINT NOT NULL,
    -- Of the closed vocabulary of the rules.
    name         TEXT   NOT NULL,
    -- JSON: boolean, integer, text or list of texts.
    value        TEXT   NOT NULL,
    -- Where the agent read it.
    source       TEXT   NOT NULL,
    observed_at  BIGINT NOT NULL,
    PRIMARY KEY (organisation, machine, position),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- ─────────────────────────────────────────── files of a town ────────────────────────────────────────────

-- Passes over the roots. Of each root three rows at most: the last complete pass, the last that stopped early if it
-- came later, and the one under way.
CREATE TABLE passes (
    organisation UUID    NOT NULL,
    machine      UUID    NOT NULL,
    -- Made by the agent.
    pass_id      BYTEA   NOT NULL,
    root         TEXT    NOT NULL,
    started_at   BIGINT  NOT NULL,
    -- Null while under way.
    finished_at  BIGINT,
    -- The whole root was walked.
    complete     BOOLEAN NOT NULL,
    -- Why not, else empty.
    stop_reason  TEXT    NOT NULL,
    -- JSON: files and bytes by verdict and reason, clean files included.
    totals       TEXT    NOT NULL,
    PRIMARY KEY (organisation, machine, pass_id),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id),
    CHECK (finished_at IS NOT NULL OR NOT complete)
) STRICT;

-- Files that hold something, or that could not be read whole.
CREATE TABLE files (
    organisation        UUID   NOT NULL,
    id                  UUID   NOT NULL,
    machine             UUID   NOT NULL,
    -- As the machine writes it; members of archives and mails as outer!member.
    path                TEXT   NOT NULL,
    -- SHA-256 of the path, which may be too long for an index.
    path_hash           BYTEA  NOT NULL CHECK (length(path_hash) = 32),
    -- The path in lower case: the two engines do not agree on the case of accented letters.
    path_folded         TEXT   NOT NULL,
    root                TEXT   NOT NULL,
    -- The pass that last saw it.
    pass_id             BYTEA  NOT NULL,
    size_bytes          BIGINT NOT NULL,
    modified_at         BIGINT,
    media_type          TEXT   NOT NULL,
    verdict             TEXT   NOT NULL CHECK (verdict IN ('read', 'partly_read', 'unreadable', 'encrypted', 'too_large',
                                                           'locked', 'excluded', 'unsupported', 'vanished')),
    -- Id of the glossary; empty when read.
    reason              TEXT   NOT NULL,
    detail              TEXT   NOT NULL,
    -- Keyed; empty when not read whole.
    content_fingerprint BYTEA  NOT NULL,
    readable_by         TEXT   CHECK (readable_by IN ('owner', 'group', 'everyone')),
    writable_by         TEXT   CHECK (writable_by IN ('owner', 'group', 'everyone')),
    -- The agent's digest of this report, 64 bits kept as a signed number; their sum is compared at the end of a pass.
    digest              BIGINT NOT NULL,
    -- SHA-256 of what a decision rests on: verdict, counts, fingerprint.
    basis               BYTEA  NOT NULL CHECK (length(basis) = 32),
    first_seen_at       BIGINT NOT NULL,
    last_seen_at        BIGINT NOT NULL,
    -- A complete pass no longer saw it, or found it clean.
    gone_at             BIGINT,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, machine, path_hash),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- What was found of one kind in one file. Counts and masked samples, never a value.
CREATE TABLE tallies (
    organisation    UUID   NOT NULL,
    file            UUID   NOT NULL,
    -- Id of the kind in the rules.
    kind            TEXT   NOT NULL,
    occurrences     BIGINT NOT NULL,
    distinct_values BIGINT NOT NULL,
    persons         BIGINT NOT NULL,
    -- Occurrences by confidence.
    high            BIGINT NOT NULL,
    medium          BIGINT NOT NULL,
    low             BIGINT NOT NULL,
    -- JSON: why this confidence.
    reasons         TEXT   NOT NULL,
    -- JSON: up to three masked samples and their places.
    samples         TEXT   NOT NULL,
    PRIMARY KEY (organisation, file, kind),
    FOREIGN KEY (organisation, file) REFERENCES files (organisation, id)
) STRICT;

-- The decision in force on a file. Only persons write here; earlier decisions are in the journal.
CREATE TABLE decisions (
    organisation UUID   NOT NULL,
    file         UUID   NOT NULL,
    id           UUID   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('confirmed', 'false_alarm', 'to_delete', 'to_secure')),
    comment      TEXT   NOT NULL,
    user_id      UUID   NOT NULL,
    -- The user's name on that day.
    user_name    TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    -- The file's basis when it was decided; when they differ, the file has changed since.
    basis        BYTEA  NOT NULL CHECK (length(basis) = 32),
    PRIMARY KEY (organisation, file),
    FOREIGN KEY (organisation, file) REFERENCES files (organisation, id)
) STRICT;

-- ──────────────────────────────── what is understood, and the register ─────────────────────────────────

-- Software of all machines of a town, replaced whole.
CREATE TABLE census (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    -- Rank in the list that knowledge gives.
    position     BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    publisher    TEXT   NOT NULL,
    -- Id of the software rule, when recognised.
    rule         TEXT,
    family       TEXT   NOT NULL,
    -- JSON: version → machines.
    versions     TEXT   NOT NULL,
    PRIMARY KEY (organisation, position)
) STRICT;

-- Answers of the gap rules.
CREATE TABLE gaps (
    organisation  UUID   NOT NULL REFERENCES organisations (id),
    id            UUID   NOT NULL,
    rule          TEXT   NOT NULL,
    rules_version TEXT   NOT NULL,
    -- Null: about the organisation.
    machine       UUID,
    title         TEXT   NOT NULL,
    severity      TEXT   NOT NULL,
    outcome       TEXT   NOT NULL CHECK (outcome IN ('shortfall', 'compliant', 'unknown', 'not_applicable')),
    -- JSON: the facts read or missed.
    proof         TEXT   NOT NULL,
    remedy        TEXT   NOT NULL,
    -- JSON: legal texts and guides.
    sources       TEXT   NOT NULL,
    first_seen_at BIGINT NOT NULL,
    -- When the outcome or its proof last changed.
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, machine) REFERENCES machines (organisation, id)
) STRICT;

-- One answer per rule and machine, or per rule; two indexes, since a null never equals a null.
CREATE UNIQUE INDEX gaps_of_machines ON gaps (organisation, rule, machine) WHERE machine IS NOT NULL;
CREATE UNIQUE INDEX gaps_of_organisations ON gaps (organisation, rule) WHERE machine IS NULL;

-- The register of processing activities.
CREATE TABLE activities (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    id           UUID   NOT NULL,
    -- The rule it was proposed from, if any.
    rule         TEXT,
    status       TEXT   NOT NULL CHECK (status IN ('active', 'archived')),
    -- JSON: fields with their provenance.
    fields       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;

-- Activities that the evidence suggests.
CREATE TABLE proposals (
    organisation      UUID   NOT NULL REFERENCES organisations (id),
    id                UUID   NOT NULL,
    rule              TEXT   NOT NULL,
    rules_version     TEXT   NOT NULL,
    label             TEXT   NOT NULL,
    score             BIGINT NOT NULL,
    -- JSON: lines of proof.
    evidence          TEXT   NOT NULL,
    status            TEXT   NOT NULL CHECK (status IN ('open', 'accepted', 'refused')),
    -- What the acceptance put into the register.
    activity          UUID,
    -- Why it was refused.
    refusal_reason    TEXT,
    -- Name of the user on that day.
    decided_by        TEXT,
    decided_at        BIGINT,
    -- The evidence when it was decided; when they differ, the evidence has changed since.
    decided_evidence  TEXT,
    first_proposed_at BIGINT NOT NULL,
    -- When the evidence last changed.
    evidence_at       BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, rule),
    FOREIGN KEY (organisation, activity) REFERENCES activities (organisation, id),
    CHECK ((status = 'accepted') = (activity IS NOT NULL)),
    CHECK ((status = 'refused') = (refusal_reason IS NOT NULL)),
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_evidence IS NULL))
) STRICT;

-- Who did what. Rows are only ever added.
CREATE TABLE journal (
    organisation UUID   NOT NULL REFERENCES organisations (id),
    id           UUID   NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT   NOT NULL CHECK (actor IN ('user', 'agent', 'operator')),
    -- The user or the machine.
    actor_id     UUID,
    -- Name of the user on that day, else empty.
    actor_name   TEXT   NOT NULL,
    action       TEXT   NOT NULL,
    -- The id of what it was done to.
    object       TEXT   NOT NULL,
    -- A sentence in French.
    detail       TEXT   NOT NULL,
    PRIMARY KEY (organisation, id),
    CHECK ((actor = 'operator') = (actor_id IS NULL))
) STRICT;

CREATE INDEX journal_by_time ON journal (organisation, at);
CREATE INDEX journal_by_object ON journal (organisation, object);
