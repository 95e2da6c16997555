m::zone!();
