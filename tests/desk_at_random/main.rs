//! Editors, an author, strangers, Telegram and the clock at random, through the newsroom's heart: commands, articles,
//! edits in the chat with real words, changed messages, pictures, every button alive or dead.
//!
//! What must be so after every act is what the year asks as well (`examples/year/simulation`): a post comes out at most
//! once, only as it was shown, and only with as many people's words as its channel takes, none of them its author's alone
//! (`consents.rs` of the year, shared); what stands in a channel is what was last approved or confirmed with the second
//! tap; what was withdrawn is gone; nothing leaves during a freeze, stale, or without its mark; an update has its effect
//! once; who may not, does not; and the journal alone gives the same state. Of the year's rules those about slots, gaps
//! and quiet hours, about clocks that are wrong and about looks that see are not asked here: nothing here is drawn for
//! them.

#![allow(clippy::unwrap_used, reason = "a history that can't go on ends loudly")]

mod acting;
mod acts;
mod checks;
#[path = "../../examples/year/simulation/consents.rs"]
mod consents;
#[path = "../../examples/year/simulation/desk.rs"]
mod desk;
#[path = "../../examples/year/simulation/orders.rs"]
#[allow(dead_code, reason = "the year asks more of it")]
mod orders;
mod settings;
mod taps;
mod texts;
mod world;

use proptest::prelude::*;

use acts::act;
use settings::Settings;
use world::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_post_comes_out_at_most_once_and_as_it_was_approved(
        begins in proptest::sample::select(&Settings::ALL),
        acts in proptest::collection::vec(act(), 1..120)
    ) {
        let mut world = World::new(begins);
        for act in &acts {
            world.act(act);
        }
        prop_assert_eq!(&world.folded(), world.newsroom.state(), "the journal alone gives the same state");
    }
}
