//! Named points at which a test can make the program die, as `kill -9` would. Nothing of it is in a release build.

/// Dies here, if the tests say so (`FAILPOINTS=name=return`); without the `failpoints` feature, nothing.
#[macro_export]
macro_rules! die_at {
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        {
            $crate::failpoint::die_if_told($name);
        }
    };
}

/// Whether the tests have switched a safeguard off, to show that they can fail (`FAILPOINTS=sabotage-name=return`);
/// without the `failpoints` feature, never.
#[must_use]
pub fn sabotaged(name: &str) -> bool {
    #[cfg(feature = "failpoints")]
    {
        let is_off = |point: &str| -> Option<()> {
            fail::fail_point!(point, |_| Some(()));
            None
        };
        is_off(&format!("sabotage-{name}")).is_some()
    }
    #[cfg(not(feature = "failpoints"))]
    {
        let _ = name;
        false
    }
}

/// Ends the process at once, with nothing flushed and nobody told, if this point is switched on.
#[cfg(feature = "failpoints")]
pub fn die_if_told(name: &str) {
    let die = || -> Option<()> {
        fail::fail_point!(name, |_| Some(()));
        None
    };
    if die().is_some() {
        std::process::abort();
    }
}
