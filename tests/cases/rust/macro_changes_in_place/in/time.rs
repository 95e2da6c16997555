m::time!();
