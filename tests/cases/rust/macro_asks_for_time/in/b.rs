m::here!();
