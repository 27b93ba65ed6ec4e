//! The graphql-transport-ws protocol, case by case.

mod ends;
mod flood;
mod idle;
mod interrupted;
mod operations;
mod protocol;
mod quota;
