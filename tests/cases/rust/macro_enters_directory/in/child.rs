m::child!();
