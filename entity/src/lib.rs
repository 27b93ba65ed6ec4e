//! One SeaORM entity a table, with what lists read of one, and the values that a column can hold.
//!
//! Nothing here knows of GraphQL or of a rule: an entity is what stands in the database.
//! Every primary key begins with its table's shard key (design.md, section 4).
#![allow(missing_docs)] // SeaORM's derives make public items of their own beside each model.

pub mod absence;
pub mod account_deletion;
pub mod artist;
pub mod artist_gram;
pub mod artist_name;
pub mod attempt;
pub mod audit_log;
pub mod block;
pub mod catalogue_gram;
pub mod catalogue_item;
pub mod catalogue_title;
pub mod credential;
pub mod data_export;
pub mod data_export_part;
pub mod diary;
pub mod diary_comment;
pub mod favourite_song;
pub mod footprint;
pub mod friend_group;
pub mod friend_group_member;
pub mod friend_request;
pub mod friendship;
pub mod idempotency_key;
pub mod inbox;
pub mod introduction;
pub mod invitation;
pub mod invitation_code;
pub mod invitee;
pub mod inviter;
pub mod item_rating;
pub mod item_review;
pub mod kiriban;
pub mod listen;
pub mod notification;
pub mod phone_code;
pub mod phone_code_request;
pub mod phone_number;
pub mod phone_recovery;
pub mod photo;
pub mod recovery_code;
pub mod report;
pub mod rest;
pub mod rest_digest;
pub mod review;
pub mod session;
pub mod session_token;
pub mod song_chart;
pub mod song_listener;
pub mod suspension;
pub mod two_factor;
pub mod uncharted_listen;
pub mod unlisted_visit;
pub mod user;
pub mod user_counter;
pub mod user_fact;
pub mod user_gram;
pub mod user_phone;
pub mod username;
pub mod values;
pub mod visitor;
pub mod weekly_listen;
pub mod written_introduction;
