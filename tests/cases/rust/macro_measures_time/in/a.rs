m::timed!();
