//! What to do about each refusal, for whoever writes a client. (Why it comes, the schema's description says.)

use super::code::UserErrorCode::{self, *};

impl UserErrorCode {
    /// What to do about it. A code without an answer does not compile.
    pub fn mend(self) -> &'static str {
        match self {
            TextRequired => "Ask for a text. Let the form not be sent while it is empty.",
            TextTooLong => {
                "Show how many characters are left of `limit`, and have the text be shortened."
            }
            TextNotAllowed => {
                "Take the characters out that the message speaks of, as when a text was pasted."
            }
            UsernameInvalid => {
                "Show the rule at the field; `minimum` and `limit` say how long a name is."
            }
            UsernameTaken | UsernameReserved | FriendGroupNameTaken => "Ask for another name.",
            PasswordTooShort | PasswordTooLong => {
                "Show at the field how long a password is: `minimum` characters to `limit` bytes."
            }
            PasswordTooCommon | PasswordTooEasy => {
                "Ask for another password, such as some words in a row."
            }
            BirthDateInvalid => "Ask for the date again, as year, month and day.",
            TooYoung => {
                "Say from which age people can join (`Query.joining`). Do not offer another try."
            }
            InvitationRequired | PhoneRequired => "Show the form that `Query.joining` asks for.",
            InvitationInvalid => "Have the code be typed again, or ask the inviter for another.",
            InvitationLimitReached => {
                "Offer no more invitations: `Viewer.invitationPlacesLeft` is 0."
            }
            InvitationCodeLimitReached => "List `Viewer.invitations`, and offer to revoke one.",
            PhoneNumberInvalid => "Ask for a number that begins with 070, 080 or 090.",
            PhoneNumberTaken => "Lead to sign-in and to recovery.",
            PhoneCodeWrong => "Have the code be typed again; offer to send another.",
            TooManyCodes => "Wait for `retryAfter` seconds before another code is offered.",
            CodeNotSent | PaymentUnavailable => "Offer to try again in a moment.",
            CodesNotSetUp | PlansNotSetUp => {
                "Hide what needs it: only the operator of the service can set it up."
            }
            SignInFailed => "Have both be typed again; offer recovery.",
            RecoveryFailed => "Have both be typed again; offer the other way to recover.",
            RecoveryProofRequired => "Send one of the two.",
            AccountSuspended => "Show the message: it says why. Offer to come back after `until`.",
            PasswordWrong => "Have the password be typed again.",
            SecondFactorRequired => {
                "Ask for the code of the authenticator app, and send the same call with it."
            }
            SecondFactorWrong => {
                "Wait for the next code, which comes within 30 seconds, or take a recovery code."
            }
            TwoFactorEnabled => "Show that it is on; offer to turn it off.",
            TwoFactorNotBegun => "Call `beginTwoFactor` first.",
            NotFound | NoSuchRequest => {
                "Show what is gone as gone, and read the list anew. It may be hidden from who asks."
            }
            CannotBefriendYourself
            | CannotIntroduceYourself
            | CannotBlockYourself
            | CannotReportYourself => "Do not offer it on what is the viewer's own.",
            BlockLimitReached => "Offer to lift an older block first.",
            NotBlocked | NotSuspended | AlreadyFriends | NotFriends | AlreadyResolved => {
                "It is so already, or any more: read the object anew, and show it as it is."
            }
            FriendLimitReached => {
                "Say how many friends one can have (`limit`), and offer to end a friendship first."
            }
            OtherCannotAccept => {
                "Say that it is not possible just now, and no more: the reason is the other's."
            }
            FriendGroupLimitReached => "Offer to delete a group first.",
            CloseFriendsStay => "Do not offer it where `FriendGroup.isCloseFriends` is true.",
            FriendGroupRequired => "Have a group be chosen before the diary is sent.",
            FriendGroupNotAllowed => "Send `friendGroupId` with the audience GROUP alone.",
            AudienceNotAllowed => "Do not offer the audience GROUP here.",
            CannotSuspend => "Do not offer it on who has the same role, or a higher one.",
            CannotChangeOwnRole => "Do not offer it on the viewer's own role.",
            TimeNotAhead => "Ask for a later time; look whether the client's clock is right.",
            ReportLimitReached | ListenLimitReached | OrderLimitReached => {
                "Say that it is possible again tomorrow; the day is Japan's."
            }
            VisitLimitReached => {
                "Show the page by a query, which leaves no footprint; visits count again at `until`."
            }
            TakeBackLimitReached => "Say that it is possible again next month, or offer a plan.",
            KiribanLimitReached => "Offer to take back a number that is still to come.",
            KiribanReached => "Show who reached it.",
            RestTooLong => "Leave `until` out: then the rest lasts until it is ended.",
            RestHoursInvalid => "Write times as HH:MM.",
            RestHoursLimitReached => "Join entries that follow on one another.",
            RestNeverEnds => "Have some time be left free, or call `rest`.",
            NotYours => "Do not offer it on what others wrote.",
            RatingInvalid => "Offer the numbers from `minimum` to `limit`.",
            ItemExists => "Take the `item` that the payload bears.",
            YearInvalid | NumberOutOfRange => "Offer what lies from `minimum` to `limit`.",
            ArtistNotAllowed => "Ask for an artist of CDs and songs alone.",
            NotASong => "Offer items of the kind SONG alone.",
            FavouriteSongLimitReached => "Offer to remove a favourite first.",
            ListenInFuture => "Set the player's clock, and report the listen as of when it was.",
            ListenTooOld => "Drop it: it is not counted any more.",
            DataExportUnderWay => "Show how far it is: `Viewer.dataExports`.",
            DataExportTooSoon => "Offer it again at `until`.",
            NotLeaving => "Read `Viewer.deletion` anew.",
            FileNotAPhoto => "Ask for another picture; turn HEIC into JPEG before the upload.",
            PhotoTooLarge => {
                "Make the picture smaller before the upload: to `limit` million pixels."
            }
            StorageFull => "Show `Viewer.photoSpace`; offer to remove photos, or a plan.",
            TooManyPhotos => "Offer no more than `limit` of them.",
            PhotoInUse => "Upload it again, to use it twice.",
            PlanNotForMinors => "Offer no plans to minors.",
            PlanInEffect => "Show `Viewer.plan`; another can be bought when that has ended.",
            NoPlanInEffect => "Read `Viewer.plan` anew.",
        }
    }
}
