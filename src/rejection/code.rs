//! The codes of `userErrors`.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// Why a mutation did not do what was asked, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
pub enum UserErrorCode {
    /// A text is empty, or holds nothing that can be seen, where something must stand.
    TextRequired,
    /// A text is longer than it may be, or there are too many of them: `limit` says how many characters, or texts,
    /// there can be.
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
    /// can be. `retryAfter` says in how many seconds to try again, where that is known.
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
    /// The account is suspended: the message says why, and `until` until when, where that is set. Only who knows the
    /// password, or has a recovery code or the verified number, is told so.
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
    /// You made as many visits as are possible in an hour. `until` says when it is possible again.
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
    /// A schedule has no room for so many entries. `limit` says how many it can have.
    RestHoursLimitReached,
    /// A schedule leaves no time of the week free: `rest` has you rest until you say so.
    RestNeverEnds,
    /// Only the author may do this.
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
    /// You asked for a copy of your data not long ago. `until` says when you can again.
    DataExportTooSoon,
    /// Your account is not to be deleted.
    NotLeaving,
    /// A number is less or more than it may be: `minimum` and `limit` say the range.
    NumberOutOfRange,
    /// The file is no picture as JPEG, PNG or WebP, or it is damaged: whatever it is called.
    FileNotAPhoto,
    /// The picture has more pixels than are taken. `limit` says how many
    /// millions of them are.
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
    /// You ordered as often as is possible in a day.
    OrderLimitReached,
    /// The payment cannot be begun just now. Nothing was charged.
    PaymentUnavailable,
}
