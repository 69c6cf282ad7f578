-- What a chat shows of a share link before it is opened: nothing, or map.
alter table share_links add column preview text not null default 'nothing';
