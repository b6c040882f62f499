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
