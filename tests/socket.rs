//! The graphql-transport-ws protocol, case by case.

mod ends;
mod operations;
mod protocol;
