m::root!();
