-- Models that only their members see.
create table closed_models (
    model text primary key not null
);

-- What somebody may do with one model, instead of the role that they have everywhere.
create table members (
    model text not null,
    account text not null references accounts (id),
    -- viewer or editor.
    role text not null,
    primary key (model, account)
);

create index members_by_account on members (account);

-- Who brought a file: they may use it before an investigation does.
create table brought (
    snapshot text not null references snapshots (id),
    account text not null references accounts (id),
    primary key (snapshot, account)
);
