m::gone!();
