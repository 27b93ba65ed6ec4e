//! The schema's own scalars.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use super::plain::{Asked, Say};

/// A calendar day as `YYYY-MM-DD`, for example `"2004-02-15"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A calendar day as `YYYY-MM-DD`, for example `"2004-02-15"`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) if text.len() == "YYYY-MM-DD".len() => text
                .parse()
                .map(Date)
                .map_err(|_| InputValueError::custom("Write a day as YYYY-MM-DD.")),
            Value::String(_) => Err(InputValueError::custom("Write a day as YYYY-MM-DD.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment as RFC 3339 in UTC, to the millisecond, for example `"2004-02-15T03:00:00.000Z"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<Utc>);

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(time: chrono::DateTime<Utc>) -> Self {
        Self(time)
    }
}

/// A moment as RFC 3339 in UTC, to the millisecond, for example `"2004-02-15T03:00:00.000Z"`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map(DateTime)
                .map_err(|_| InputValueError::custom("Write a moment as RFC 3339.")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Say for Date {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(self.to_value())
    }
}

impl Say for DateTime {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(self.to_value())
    }
}
