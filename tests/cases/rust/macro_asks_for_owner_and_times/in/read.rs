m::read!();
