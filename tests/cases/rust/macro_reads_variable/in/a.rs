m::url!();
