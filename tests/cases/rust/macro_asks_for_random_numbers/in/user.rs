m::user!();
