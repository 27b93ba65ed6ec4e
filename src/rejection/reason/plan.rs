//! Why a photo is not kept, or a plan not bought.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    message::{Figure, messages},
    rejection::code::UserErrorCode,
};

/// A space, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space(pub i64);

impl From<&Space> for Figure {
    fn from(space: &Space) -> Self {
        Self::Space(space.0)
    }
}

messages! {
    /// Why a photo is not kept, or a plan not bought.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum PlanReason: UserErrorCode {
        FileNotAPhoto => FileNotAPhoto,
        "This is no picture as JPEG, PNG or WebP, or it is damaged.",
        "JPEG、PNG、WebP の画像ではないか、壊れています。";

        PhotoTooLarge { limit: u64 } => PhotoTooLarge,
        "A photo has at most {limit} million pixels, of four bytes each.",
        "写真は{limit}00万画素（1画素4バイト）までです。";

        StorageFull { limit: Space, size: Space } => StorageFull,
        "You have {limit} for photos, and not as much left as this one takes: {size}. Remove others first, or see whether there are plans with more.",
        "写真の容量は{limit}ですが、この写真に必要な{size}が残っていません。ほかの写真を削除するか、容量の多いプランをご覧ください。";

        PhotoGone => NotFound,
        "This photo is gone by now: upload it with another idempotencyKey.",
        "この写真はもうありません。別の idempotencyKey でアップロードし直してください。";

        NoSuchPhoto => NotFound,
        "There is no such photo. One that is used nowhere goes after a day.",
        "指定された写真は見つかりません。どこにも使われていない写真は、1日でなくなります。";

        TooManyPhotos { limit: usize } => TooManyPhotos,
        "A diary has at most {limit} photos.",
        "1つの日記に付けられる写真は{limit}枚までです。";

        PhotoTwice => PhotoInUse,
        "A photo stands in a diary once.",
        "同じ写真は、1つの日記に一度だけ使えます。";

        PhotoInUse => PhotoInUse,
        "A photo is used once: upload it again.",
        "1枚の写真は一度だけ使えます。もう一度アップロードしてください。";

        PlansNotSetUp => PlansNotSetUp,
        "This service sells no plans.",
        "このサービスでは、プランを販売していません。";

        NoSuchPlan => NotFound,
        "There is no such plan: `plans` lists them.",
        "指定されたプランはありません。`plans` で一覧をご覧ください。";

        PlanNotForMinors => PlanNotForMinors,
        "Plans are for adults.",
        "プランは成人の方向けです。";

        PlanInEffect { until: DateTime<Utc> } => PlanInEffect,
        "You have a plan until {until}. Then you can buy another.",
        "{until}までのプランがあります。その後に、別のプランを購入できます。";

        PlanRenews { until: DateTime<Utc> } => PlanInEffect,
        "You have a plan, which is paid for until {until} and then again.",
        "プランがあります。{until}まで支払い済みで、その後も更新されます。";

        NoPlanInEffect => NoPlanInEffect,
        "You have no plan.",
        "プランはありません。";

        OrderLimitReached => OrderLimitReached,
        "You ordered as often today as is possible. Try again tomorrow.",
        "今日の注文回数の上限に達しました。明日お試しください。";

        PaymentUnavailable => PaymentUnavailable,
        "The payment cannot be begun just now. Nothing was charged; try again in a moment.",
        "ただいま支払いを始められません。料金は発生していません。少し待ってからお試しください。";
    }
}
