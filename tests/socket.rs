//! The graphql-transport-ws protocol, case by case.

mod ends;
mod interrupted;
mod operations;
mod protocol;
mod quota;
