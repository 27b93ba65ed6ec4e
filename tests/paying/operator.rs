//! What who holds the service sees of the ledger: `ashiato admin ledger`.

use ashiato::cli::admin::{Change, change};

use super::{buy, tell, world};
use crate::support::world::World;

async fn ledger(world: &World, username: Option<&str>, month: Option<&str>, first: i64) -> String {
    let month = month.map(|month| format!("{month}-01").parse().unwrap());
    let asked = Change::Ledger {
        username: username.map(str::to_owned),
        month,
        first,
    };
    change(&world.app, asked, &b""[..]).await.unwrap()
}

#[tokio::test]
async fn the_ledger_is_shown_by_month_and_by_user_and_adds_up() {
    let (world, _) = world().await;
    assert_eq!(
        ledger(&world, None, None, 100).await,
        "2006-05: nothing was paid"
    );
    let (me, other) = (world.person("me").await, world.person("other").await);
    let bought = buy(&me, "plus").await;
    let theirs = buy(&other, "plus").await;
    tell(&world, bought.paid(1)).await;
    // The last moment of May in Japan, and the first of June.
    world.clock.set("2006-05-31T14:59:59.999Z");
    tell(&world, theirs.paid(1)).await;
    tell(&world, theirs.refunded(1, 100)).await;
    world.clock.set("2006-05-31T15:00:00Z");
    for event in [
        bought.paid(2),
        bought.disputed(1, 300, false),
        bought.disputed(1, 300, true),
    ] {
        tell(&world, event).await;
    }
    let may = ledger(&world, None, Some("2006-05"), 100).await;
    let of = |one: &super::Bought, number| one.bill(number);
    let expected = [
        format!(
            "2006-05-31 23:59 REFUND -100 yen, of the bill {}, by other: 200 yen by then",
            of(&theirs, 1)
        ),
        format!(
            "2006-05-31 23:59 CHARGE 300 yen, of the bill {}, by other: 300 yen by then",
            of(&theirs, 1)
        ),
        format!(
            "2006-05-01 12:00 CHARGE 300 yen, of the bill {}, by me: 300 yen by then",
            of(&bought, 1)
        ),
        "2006-05: 2 CHARGE 600 yen, 1 REFUND -100 yen; 500 yen in all".to_owned(),
    ];
    assert_eq!(may, expected.join("\n"));
    // This month, in Japan, and no more than asked for: the sum is of all.
    let june = ledger(&world, None, None, 1).await;
    let dispute = format!("dp_{}", of(&bought, 1));
    let expected = [
        format!(
            "2006-06-01 00:00 REINSTATEMENT of {dispute} 300 yen, of the bill {}, by me: 600 yen by then",
            of(&bought, 1)
        ),
        "2006-06: 1 CHARGE 300 yen, 1 DISPUTE -300 yen, 1 REINSTATEMENT 300 yen; 300 yen in all"
            .to_owned(),
    ];
    assert_eq!(june, expected.join("\n"));
    let mine = ledger(&world, Some("Me"), None, 2).await;
    let lines: Vec<_> = mine.lines().collect();
    assert_eq!(lines.len(), 3, "{mine}");
    assert!(lines[1].contains("DISPUTE of"), "{mine}");
    assert_eq!(lines[2], "Me: 600 yen in all");
    world.person("nobody").await;
    assert_eq!(
        ledger(&world, Some("nobody"), None, 100).await,
        "nobody has paid nothing"
    );
    // Of who is gone the rows stay, without a name.
    let order = ashiato::account::leaving::deletion::service::order;
    order(&world.app, theirs.user, true).await.unwrap();
    let carry_out = ashiato::account::leaving::deletion::carry::carry_out;
    carry_out(&world.app, theirs.user, |_| {}).await.unwrap();
    let may = ledger(&world, None, Some("2006-05"), 100).await;
    assert_eq!(may.matches("by nobody any more").count(), 2, "{may}");
    assert!(!may.contains("other"), "{may}");
}

#[tokio::test]
async fn what_is_nobody_s_and_no_month_is_said() {
    let (world, _) = world().await;
    let asked = Change::Ledger {
        username: Some("stranger".to_owned()),
        month: None,
        first: 100,
    };
    let refused = change(&world.app, asked, &b""[..]).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "there is no user with the name `stranger`"
    );
    for wrong in ["2006", "2006-13", "may", "2006-05-01"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ashiato"))
            .args(["admin", "ledger", "--month", wrong])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("write a month as 2026-12"), "{said}");
        assert!(!output.status.success());
    }
}
