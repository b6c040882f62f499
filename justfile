# The project's menu. `just` lists it; every line is also typed easily by hand.

# What there is
default:
    @just --list

# See it work: no token, no network
demo:
    cargo run --release -- demo

# The tests
test:
    cargo test

# Everything that a change must pass
ci:
    .ci/run

# The benchmarks
bench:
    cargo bench

# The documentation of the code
doc:
    cargo doc --no-deps --document-private-items --open

# Accept changed snapshots after looking at them
snapshots:
    INSTA_UPDATE=always cargo test --lib --test plays --test demo --test command_line
