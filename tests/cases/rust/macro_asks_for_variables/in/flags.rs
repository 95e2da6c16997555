m::flags!();
