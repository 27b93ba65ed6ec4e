//! What a mutation refuses: the `userErrors` of its payload.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Why a mutation did not do what was asked, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
pub enum UserErrorCode {
    /// A text is empty, or holds nothing that can be seen, where something must stand.
    TextRequired,
    /// A text is longer than its limit. The message says the limit in characters.
    TextTooLong,
    /// A text holds control characters, codes that are no characters, or marks that turn the
    /// direction of what follows the text; or a nickname characters that show nothing.
    TextNotAllowed,
    /// The user name is not 3-20 of `a-z0-9_`, starting with a letter.
    UsernameInvalid,
    /// Another user has this user name.
    UsernameTaken,
    /// The user name would look like the service's own, or like no user's.
    UsernameReserved,
    /// The password has fewer than 8 characters.
    PasswordTooShort,
    /// The password has more than 1,024 bytes.
    PasswordTooLong,
    /// The password is among those that are guessed first.
    PasswordTooCommon,
    /// The password is one character repeated, or hardly more than the user name, the nickname or
    /// the service's name.
    PasswordTooEasy,
    /// The date of birth lies in the future or more than 130 years ago.
    BirthDateInvalid,
    /// Joining takes an age of 15 or more.
    TooYoung,
    /// Joining takes an invitation: `Query.joining` says what it takes.
    InvitationRequired,
    /// Nobody can join by this code: it is mistyped, used up or expired. Which of these is not said.
    InvitationInvalid,
    /// You have invited as many people as a member can.
    InvitationLimitReached,
    /// You have as many codes by which people can join as somebody can at once: each call of `createInvitation` makes
    /// one, a repeated one, too. They count no more when they expire, or nobody can join by their invitation any more:
    /// `revokeInvitation`.
    InvitationCodeLimitReached,
    /// Joining takes a mobile number: `Query.joining` says what it takes.
    PhoneRequired,
    /// This is no Japanese mobile number.
    PhoneNumberInvalid,
    /// An account has this number. Only who holds the number is told so.
    PhoneNumberTaken,
    /// It is not the code that was sent to the number last, or it has expired, or was tried too often.
    /// Which of these is not said.
    PhoneCodeWrong,
    /// A number was sent as many codes as it can be within an hour, or as many were asked for from your address as
    /// can be. The message says when to try again, where that is known.
    TooManyCodes,
    /// The code could not be sent just now.
    CodeNotSent,
    /// This service sends no codes to mobile numbers: whoever holds it has not set that up.
    CodesNotSetUp,
    /// User name or password are wrong. Which of the two is not said.
    SignInFailed,
    /// User name or code are wrong, or the code was used already, or, of one that was sent, has expired or was
    /// tried too often. Which of these is not said.
    RecoveryFailed,
    /// Recovering takes a recovery code or a code that was sent to a verified number: one of the two.
    RecoveryProofRequired,
    /// The account is suspended: the message says until when, and why. Only who knows the password, or has
    /// a recovery code or the verified number, is told so.
    AccountSuspended,
    /// The password that was to be proved again is not yours.
    PasswordWrong,
    /// The password, or the code in its place, is right. This account has a second factor, too: repeat the
    /// call with it.
    SecondFactorRequired,
    /// The second factor is wrong, too old, or was used already.
    SecondFactorWrong,
    /// Two-factor sign-in is on already. Turn it off first, to begin anew.
    TwoFactorEnabled,
    /// Two-factor sign-in was not begun, or not within the last hour.
    TwoFactorNotBegun,
    /// What the id names does not exist, or not for you.
    NotFound,
    /// One cannot be one's own friend.
    CannotBefriendYourself,
    /// One cannot introduce oneself: say it in the bio.
    CannotIntroduceYourself,
    /// One cannot block oneself.
    CannotBlockYourself,
    /// You block as many users as a user can.
    BlockLimitReached,
    /// You do not block this user.
    NotBlocked,
    /// You are friends already.
    AlreadyFriends,
    /// You are not friends.
    NotFriends,
    /// You have as many friends as a user can have.
    FriendLimitReached,
    /// The other user cannot accept just now, or not from you. Which of these is not said.
    OtherCannotAccept,
    /// There is no such request.
    NoSuchRequest,
    /// You have as many groups of friends as a user can have.
    FriendGroupLimitReached,
    /// Another group of yours has this name, or one that differs in case, width or kana alone.
    FriendGroupNameTaken,
    /// The group of close friends is always there: it is neither renamed nor deleted.
    CloseFriendsStay,
    /// The audience GROUP takes a group of yours: `friendGroupId`.
    FriendGroupRequired,
    /// A group is named with the audience GROUP alone.
    FriendGroupNotAllowed,
    /// This is for no group: the audience GROUP is for diaries alone.
    AudienceNotAllowed,
    /// A user is suspended by somebody whose role is higher: not by oneself, nor by an equal.
    CannotSuspend,
    /// The user is not suspended.
    NotSuspended,
    /// The time is past already.
    TimeNotAhead,
    /// One cannot report oneself.
    CannotReportYourself,
    /// You reported as much today, in Japan, as is possible in a day.
    ReportLimitReached,
    /// The report has been settled already.
    AlreadyResolved,
    /// Only another administrator can change your role.
    CannotChangeOwnRole,
    /// You made as many visits as are possible in an hour. The message says when to try again.
    VisitLimitReached,
    /// You took back as many footprints this month, in Japan, as are possible in one.
    TakeBackLimitReached,
    /// As many numbers that you named are still to come as can be.
    KiribanLimitReached,
    /// Somebody has reached this number: it stays.
    KiribanReached,
    /// A rest of which the end is given lasts a year at the most: leave `until` out to rest until you say so.
    RestTooLong,
    /// A time of the day is not `HH:MM`, from 00:00 to 23:59.
    RestHoursInvalid,
    /// A schedule has no room for so many entries. The message says how many it can have.
    RestHoursLimitReached,
    /// A schedule leaves no time of the week free: `rest` has you rest until you say so.
    RestNeverEnds,
    /// Only the author may do this; or, of a brand's page, only who runs it, or only its owner.
    NotYours,
    /// The rating is not 1, 2, 3, 4 or 5.
    RatingInvalid,
    /// The catalogue has this item already; the payload bears it.
    ItemExists,
    /// The year is out of range.
    YearInvalid,
    /// Only CDs and songs have an artist.
    ArtistNotAllowed,
    /// This is a catalogue item of another kind: only songs are favourite songs, and listened to.
    NotASong,
    /// You have as many favourite songs as a user can have.
    FavouriteSongLimitReached,
    /// A listen that lies more than five minutes in the future: the clock of the client is wrong.
    ListenInFuture,
    /// A listen from more than 14 days ago: it is too late to report it.
    ListenTooOld,
    /// As many listens of that day, in Japan, are counted for you as are in a day.
    ListenLimitReached,
    /// A copy of your data is being made, or waits to be.
    DataExportUnderWay,
    /// You asked for a copy of your data not long ago. The message says when you can again.
    DataExportTooSoon,
    /// Your account is not to be deleted.
    NotLeaving,
    /// A number is less or more than it may be. The message says the range.
    NumberOutOfRange,
    /// The file is no picture as JPEG, PNG or WebP, or it is damaged: whatever it is called.
    FileNotAPhoto,
    /// The picture has more pixels than are taken. The message says how many are.
    PhotoTooLarge,
    /// Your photos take as much space as you have: see `Viewer.photoSpace`, and `Query.plans` for more. Nothing was
    /// stored.
    StorageFull,
    /// A diary has at most 4 photos.
    TooManyPhotos,
    /// The photo is on a profile or in a diary already: a photo is used once.
    PhotoInUse,
    /// This service sells no plans: whoever holds it has not set that up.
    PlansNotSetUp,
    /// Plans are for adults.
    PlanNotForMinors,
    /// You have a plan already: see `Viewer.plan`. Nothing was charged.
    PlanInEffect,
    /// You have no plan.
    NoPlanInEffect,
    /// Your plan has ended where it was paid, and lasts up to its end: it cannot be taken up again, and another be bought
    /// then.
    PlanNotResumable,
    /// You ordered as often as is possible in a day.
    OrderLimitReached,
    /// The payment cannot be begun just now. Nothing was charged.
    PaymentUnavailable,
    /// The handle of a brand's page is not 3-20 of `a-z0-9_`, starting with a letter.
    BrandHandleInvalid,
    /// Another brand's page has this handle, or had it once and is gone.
    BrandHandleTaken,
    /// The handle would look like the service's own, or like nobody's.
    BrandHandleReserved,
    /// Brands' pages are run by adults.
    BrandNotForMinors,
    /// You run as many brands' pages as a user can.
    BrandLimitReached,
    /// The page has as many editors as a page can have.
    BrandEditorLimitReached,
    /// You follow as many brands' pages as a user can.
    FollowedBrandLimitReached,
}

/// Why a mutation did not do what was asked, and which part of the input to mend.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, Deserialize)]
pub struct UserError {
    /// The reason, for programs.
    pub code: UserErrorCode,
    /// The reason, for people, in English.
    pub message: String,
    /// The path of the input field that is to be mended, from the input's top; null if no single
    /// field is at fault.
    pub field: Option<Vec<String>>,
}

impl UserError {
    /// A reason that no single field of the input is at fault for.
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// There is no `what`, or none that the viewer may see.
    pub fn absent(what: &str) -> Self {
        Self::new(UserErrorCode::NotFound, format!("There is no such {what}."))
    }

    /// A reason with the field of the input to mend.
    pub fn on(field: &str, code: UserErrorCode, message: impl Into<String>) -> Self {
        Self {
            field: Some(vec![field.to_owned()]),
            ..Self::new(code, message)
        }
    }

    /// The same, where the field stands within `field` of the input.
    pub fn within(mut self, field: &str) -> Self {
        if let Some(path) = &mut self.field {
            path.insert(0, field.to_owned());
        }
        self
    }
}

/// Why a mutation was not carried out.
#[derive(Clone, Debug)]
pub enum Rejection {
    /// Rules of the domain stood against it: `userErrors`.
    Refused(Vec<UserError>),
    /// Something else went wrong: top-level `errors`.
    Failed(Error),
}

impl Rejection {
    /// Why, in words for who holds the service: also what a client is not told.
    pub fn in_words(&self) -> String {
        match self {
            Self::Refused(reasons) => {
                let reasons: Vec<_> = reasons.iter().map(|reason| &*reason.message).collect();
                reasons.join(" ")
            }
            Self::Failed(error) => match error.detail() {
                Some(detail) => format!("{error} ({detail})"),
                None => error.to_string(),
            },
        }
    }
}

impl From<UserError> for Rejection {
    fn from(error: UserError) -> Self {
        Self::Refused(vec![error])
    }
}

impl<E: Into<Error>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a mutation came to: its outcome, or the reasons why there is none.
pub type Answer<T> = Result<T, Vec<UserError>>;

/// Turns refusals into the payload's `userErrors`, and lets other failures be errors.
///
/// # Errors
/// Whatever is not the domain's own refusal.
pub fn answer<T>(done: Result<T, Rejection>) -> Result<Answer<T>, Error> {
    match done {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Rejection::Refused(errors)) => Ok(Err(errors)),
        Err(Rejection::Failed(error)) => Err(error),
    }
}
