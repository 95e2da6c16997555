m::place!();
