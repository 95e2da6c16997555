m::kinds!();
