-- What people want to be told of, what came of it, and who is told.
create table alert_rules (
    id text primary key not null,
    model text not null references models (name),
    -- JSON: what it watches for.
    watched text not null,
    -- Fires once it was seen in this many windows one after the other.
    windows bigint not null,
    severity text not null,
    -- Further windows after which the severity rises; null for never.
    raise_after bigint,
    -- Nobody is told until then; null where there is no silence.
    silent_until_ms bigint,
    silent_reason text not null,
    silenced_by text not null,
    created_by text not null,
    created_at_ms bigint not null
);

create index alert_rules_by_model on alert_rules (model, created_at_ms);

create table alerts (
    id text primary key not null,
    -- Stays when the rule is gone.
    rule text not null,
    model text not null references models (name),
    -- JSON: what the rule watched for.
    watched text not null,
    severity text not null,
    statement text not null,
    -- The arrival in which it fired; null where nothing arrived, or it was taken out.
    arrival text,
    -- What makes it the same alert when its window is judged again.
    once text not null,
    first_at_ms bigint not null,
    last_at_ms bigint not null,
    windows bigint not null,
    is_raised bigint not null,
    fired_at_ms bigint not null,
    -- Null while it lasts.
    ended_at_ms bigint,
    -- 1 where nobody was told, because its rule was silenced.
    is_silenced bigint not null
);

create unique index alerts_once on alerts (rule, once);
create index alerts_by_model on alerts (model, fired_at_ms);
create index alerts_by_arrival on alerts (arrival);

create table channels (
    id text primary key not null,
    name text not null,
    kind text not null,
    -- Where messages go, and what they are signed with: both are secrets.
    address text not null,
    secret text not null,
    severity text not null,
    -- JSON: the models it is told of; an empty list for all.
    models text not null,
    -- JSON; null for none.
    quiet text,
    digest text,
    created_by text not null,
    created_at_ms bigint not null
);

create table deliveries (
    id text primary key not null,
    channel text not null references channels (id),
    title text not null,
    -- JSON: the facts, from which the receiver's shape is made when it is sent.
    message text not null,
    state text not null,
    attempts bigint not null,
    created_at_ms bigint not null,
    -- When it is tried next, or when it ended.
    at_ms bigint not null,
    error text not null
);

create index deliveries_due on deliveries (state, at_ms);
create index deliveries_by_channel on deliveries (channel, created_at_ms);

-- Digests that were made, each once.
create table digests (
    channel text not null references channels (id),
    week text not null,
    primary key (channel, week)
);
