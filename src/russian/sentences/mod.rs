//! Where one sentence ends and the next begins.

#[cfg(test)]
mod cases;
